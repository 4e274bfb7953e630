import { defineConfig, devices } from '@playwright/test';
import { findChromium } from './fixtures/chromium.mjs';

const withoutScript = /\.nojs\.spec\.ts$/;

export default defineConfig({
  testDir: './tests',
  // Each worker has a Reeve, a database, an OpenID provider and a mail server of its own.
  workers: 2,
  forbidOnly: !!process.env.CI,
  // A test that passes at the second try has found something: it fails.
  retries: 0,
  // The longest test goes through a dozen pages with a check of each; on two quiet cores that takes half a minute. These
  // limits end what hangs; a machine that is busy with something else must not fail what works.
  timeout: 180_000,
  expect: { timeout: 20_000 },
  reporter: [['list'], ['./fixtures/closing-line.ts']],
  use: {
    trace: 'retain-on-failure',
    screenshot: 'only-on-failure',
    // Texts and dates in assertions must not depend on the machine.
    locale: 'en-GB',
    timezoneId: 'UTC',
    // What moves when it is to be clicked is scrolled about by Playwright until it is somewhere else.
    contextOptions: { reducedMotion: 'reduce' },
    launchOptions: {
      executablePath: findChromium(),
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        // Whatever a page asks for outside of this machine fails, and so does the test.
        '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1',
      ],
    },
  },
  projects: [
    { name: 'chromium', testIgnore: withoutScript, use: { ...devices['Desktop Chrome'] } },
    { name: 'chromium-nojs', testMatch: withoutScript, use: { ...devices['Desktop Chrome'], javaScriptEnabled: false } },
    // The tests tagged @mobile once more, on a phone.
    { name: 'mobile', testIgnore: withoutScript, grep: /@mobile/, use: { ...devices['Pixel 7'] } },
  ],
});
