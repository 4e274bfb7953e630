import { expect, test } from '../fixtures/reeve';
import { printedSetupLink, setupLink } from '../fixtures/setup';

test('an empty installation is set up from the link the server prints', async ({ empty, visitor, hydrated, a11y, consoleClean }) => {
  const reeve = await empty();
  const link = await printedSetupLink(reeve);
  const page = await visitor();

  await page.goto(reeve.url);
  await expect(page.getByRole('alert').or(page.getByText('Reeve is not set up yet'))).toBeVisible();

  await page.goto(link);
  await hydrated(page);
  await a11y(page);
  await page.getByLabel('Organization').fill('Acme Research');
  await page.getByLabel('Your name').fill('Olga Owner');
  await page.getByLabel('Your e-mail address').fill('olga@acme.test');
  await page.getByRole('button', { name: 'Create organization' }).click();

  await page.waitForURL(/\/organizations\/[0-9a-f-]{36}$/);
  await expect(page.getByRole('navigation', { name: 'Main' })).toBeVisible();
  await expect(page.getByText('Acme Research').first()).toBeVisible();
  await expect(page.getByText('olga@acme.test')).toBeVisible();

  // Nobody else gets in by it, not even in the same browser.
  consoleClean.allow(/status of 410/);
  const late = await (await visitor()).goto(link);
  expect(late?.status()).toBe(410);
});

test('setup says which field is wrong and keeps what was typed', async ({ empty, visitor, hydrated, consoleClean }) => {
  const reeve = await empty();
  const page = await visitor();
  await page.goto(await printedSetupLink(reeve));
  await hydrated(page);
  consoleClean.allow(/status of 422/);
  await page.getByLabel('Organization').fill('Acme');
  // A space satisfies the browser's own check, so the server has to answer.
  await page.getByLabel('Your name').fill(' ');
  await page.getByLabel('Your e-mail address').fill('olga@acme.test');
  await page.getByRole('button', { name: 'Create organization' }).click();
  await expect(page.getByLabel('Your name')).toHaveAttribute('aria-invalid', 'true');
  await expect(page.getByLabel('Your name')).toBeFocused();
  await expect(page.getByLabel('Organization')).toHaveValue('Acme');
  await expect(page.getByLabel('Your e-mail address')).toHaveValue('olga@acme.test');
});

test('a forged setup link opens nothing', async ({ empty, visitor, consoleClean, a11y }) => {
  const reeve = await empty();
  const page = await visitor();
  consoleClean.allow(/status of (404|410)/);
  const answer = await page.goto(`${reeve.url}/setup/not-a-link`);
  expect([404, 410]).toContain(answer?.status());
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Create organization' })).toBeHidden();
  await a11y(page);
});

test('a new setup link from the command line works, and setup never opens again once there is an organization', async ({ empty, visitor, hydrated }) => {
  const reeve = await empty();
  const printed = await reeve.cli('owner-link');
  expect(printed.code).toBe(0);
  const page = await visitor();
  await page.goto(setupLink(printed.stdout));
  await hydrated(page);
  await page.getByLabel('Organization').fill('Acme');
  await page.getByLabel('Your name').fill('Olga');
  await page.getByLabel('Your e-mail address').fill('olga@acme.test');
  await page.getByRole('button', { name: 'Create organization' }).click();
  await page.waitForURL(/\/organizations\//);

  const refused = await reeve.cli('owner-link');
  expect(refused.code).not.toBe(0);
  expect(refused.stdout).not.toContain('/setup/');
});
