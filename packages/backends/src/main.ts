#!/usr/bin/env node
import { backendTable } from './lib/backend-table';
import { describeBackends } from './lib/describe-backends';

// No `await`, which the CommonJS build cannot have here.
void describeBackends().then((descriptions) => console.log(backendTable(descriptions)));
