// bench.mjs BINARY FOLDER: time from start to ready and idle memory, each the median of five starts on SQLite.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const [binary, folder] = process.argv.slice(2);

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

async function measure(database) {
  const port = await freePort();
  const began = performance.now();
  const server = spawn(binary, ['serve'], {
    stdio: 'ignore',
    env: {
      PATH: process.env.PATH,
      REEVE_LISTEN: `127.0.0.1:${port}`,
      REEVE_PUBLIC_URL: `http://localhost:${port}`,
      REEVE_DATABASE_URL: `sqlite:${database}`,
    },
  });
  const gone = once(server, 'exit');
  try {
    while (!(await fetch(`http://127.0.0.1:${port}/ready`).then((answer) => answer.ok, () => false))) {
      if (server.exitCode !== null) throw new Error(`${binary} ended with ${server.exitCode}`);
      if (performance.now() - began > 20_000) throw new Error(`${binary} was not ready after 20 s`);
      await pause(2);
    }
    const ready = performance.now() - began;
    // Idle is what is left when the start's own work is done.
    await pause(2000);
    const memory = Number(execFileSync('ps', ['-o', 'rss=', '-p', String(server.pid)], { encoding: 'utf8' })) / 1024;
    return { ready, memory };
  } finally {
    server.kill('SIGTERM');
    await gone;
  }
}

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
const line = (what, value, unit, goal) => console.log(`${what.padEnd(44)} ${value.padStart(9)} ${unit}   ${goal}`);

// The first start makes the database, the others find it.
const first = await measure(join(folder, 'reeve.db'));
const later = [];
for (let i = 0; i < 5; i += 1) later.push(await measure(join(folder, 'reeve.db')));
line('start to ready, new database', first.ready.toFixed(0), 'ms', 'under 500');
line('start to ready', median(later.map((run) => run.ready)).toFixed(0), 'ms', 'under 500');
line('idle resident memory', median(later.map((run) => run.memory)).toFixed(1), 'MB', 'under 60');
