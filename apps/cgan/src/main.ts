#!/usr/bin/env node
import process from 'node:process';
import { runRecipe } from '@ganloom/cli';
import { recipe } from './recipe';

process.exitCode = await runRecipe(recipe, process.argv.slice(2));
