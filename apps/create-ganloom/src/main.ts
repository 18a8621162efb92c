#!/usr/bin/env node
import process from 'node:process';
import { Argument, Command, Option } from 'commander';
import { version } from '../package.json';
import { create, templates } from './create';

await new Command('create-ganloom')
  .description('Begins a program that trains a GAN, or a page that draws with one.')
  .version(version)
  .addArgument(new Argument('<folder>', 'a new or empty folder'))
  .addOption(
    new Option('--template <name>', 'what to begin with').choices(templates).default('node'),
  )
  .action((folder: string, { template }: { template: string }) => {
    try {
      create(folder, template);
    } catch (error) {
      console.error(`error: ${(error as Error).message}`);
      process.exitCode = 2;
      return;
    }
    console.log(`${folder} is ready:\n\n  cd ${folder}\n  npm install\n  npm start`);
  })
  .parseAsync();
