// Starts the release server and, where wanted, the demo client, on the ports that the walk-through promises,
// with data of their own; stops them again. Everything is found by its process id.
import { execFile, spawn } from 'node:child_process';
import { mkdtemp, rm, readFile, open } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

export const root = path.resolve(import.meta.dirname, '../..');
export const issuer = 'http://localhost:2003';
export const demo = 'http://localhost:3000';
export const person = { username: 'ada', email: 'ada@example.test', password: 'correct-horse-7' };
export const client = {
  id: 'demo-client',
  secret: 'demo-client-secret',
  redirectUri: 'http://localhost:3000/callback',
};

// A debug tree does as well: BUILD_TREE=build/debug.
export const binary = (name) => path.join(root, process.env.BUILD_TREE ?? 'build/release', name);

// Settings of whoever runs the tests are none of theirs.
const environmentOfOthers = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !name.startsWith('CLAVIGER_')),
);

function answers(port) {
  return new Promise((resolve) => {
    const socket = connect({ port, host: 'localhost' });
    socket.once('connect', () => resolve(true) || socket.destroy());
    socket.once('error', () => resolve(false));
  });
}

export const rootFlag = process.getuid() === 0 ? ['--allow-root'] : [];

class Program {
  constructor(name, child, logFile) {
    Object.assign(this, { name, child, logFile });
    this.ended = new Promise((resolve) => child.once('exit', (code, signal) => resolve(signal ?? code)));
  }

  async log() {
    return readFile(this.logFile, 'utf8');
  }

  async untilReady(probe) {
    const deadline = Date.now() + 20_000;
    let over = false;
    this.ended.then(() => (over = true));
    while (Date.now() < deadline && !over) {
      if (await probe().catch(() => false)) return;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    throw new Error(`${this.name} does not answer; its log:\n${await this.log()}`);
  }

  // Gives how it ended: a drain on SIGTERM is part of the promise.
  async stop() {
    if (this.child.exitCode === null && this.child.signalCode === null) this.child.kill('SIGTERM');
    const killed = setTimeout(() => this.child.kill('SIGKILL'), 15_000);
    const how = await this.ended;
    clearTimeout(killed);
    return how;
  }
}

const answersAt = (url) => async () => {
  const answer = await fetch(url);
  await answer.arrayBuffer();
  return answer.ok;
};

// `probe` says whether it is ready.
export async function start(name, folder, command, args, environment, port, probe) {
  if (await answers(port)) {
    throw new Error(`port ${port} is in use: these tests need it (./dev down stops what ./dev run started)`);
  }
  const logFile = path.join(folder, `${name}.log`);
  const log = await open(logFile, 'w');
  const child = spawn(command, args, {
    cwd: folder,
    env: { ...environmentOfOthers, ...environment },
    stdio: ['ignore', log.fd, log.fd],
  });
  await log.close();
  const program = new Program(name, child, logFile);
  try {
    await program.untilReady(probe);
  } catch (error) {
    await program.stop();
    throw error;
  }
  return program;
}

// `environment` overrides settings (CLAVIGER_<SECTION>__<KEY>).
export async function startHouse({ withDemo = false, environment = {} } = {}) {
  const folder = await mkdtemp(path.join(tmpdir(), 'claviger-test-'));
  const programs = [];
  const stop = async () => {
    const ends = [];
    for (const program of programs.toReversed()) ends.push(await program.stop());
    await rm(folder, { recursive: true, force: true });
    return ends;
  };
  // The demo client is told over the back channel who signed out, and it is on this very machine.
  const settings = { ...(withDemo ? { CLAVIGER_OUTBOUND__ALLOW_LOOPBACK: 'true' } : {}), ...environment };
  try {
    programs.push(
      await start('server', folder, binary('claviger'), ['serve', ...rootFlag], settings, 2003, answersAt(`${issuer}/readyz`)),
    );
    if (withDemo) {
      programs.push(await start('demo', folder, binary('claviger-demo-client'), [], {}, 3000, answersAt(`${demo}/`)));
    }
  } catch (error) {
    await stop();
    throw error;
  }
  // Gives what a command of the server's prints, as an operator types it.
  const operator = async (...args) => {
    const { stdout } = await promisify(execFile)(binary('claviger'), args, { cwd: folder, env: environmentOfOthers });
    return stdout;
  };
  return { folder, programs, stop, operator, serverLog: () => programs[0].log() };
}

export const register = async () => {
  for (const what of ['client', 'user']) {
    const answer = await fetch(`${issuer}/register_${what}`, { method: 'POST' });
    if (!answer.ok) throw new Error(`register_${what}: ${answer.status} ${await answer.text()}`);
  }
};
