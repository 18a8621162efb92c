#!/usr/bin/env node
import { backendTable } from './lib/backend-table';
import { describeBackends } from './lib/describe-backends';

// No `await`, which the CommonJS build cannot have here.
describeBackends().then(
  (descriptions) => console.log(backendTable(descriptions)),
  (error: Error) => {
    console.error(`ganloom-backends: ${error.message}`);
    process.exitCode = 1;
  },
);
