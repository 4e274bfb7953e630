import { expect, test } from '../fixtures/reeve';

test('pages hydrate, and links between them load no new document', async ({ owner, hydrated }) => {
  await owner.goto('/');
  await owner.waitForURL(/\/organizations\//);
  await hydrated(owner);
  // Lost with the document, so it tells whether there was a new one.
  await owner.evaluate(() => Object.assign(window, { sameDocument: true }));
  const menu = owner.getByRole('navigation', { name: 'Main' });
  for (const name of ['Workspaces', 'Members', 'Audit log', 'Settings', 'Overview']) {
    await menu.getByRole('link', { name: new RegExp(`^${name}`) }).click();
    const heading = owner.getByRole('heading', { level: 1 });
    await expect(heading).toHaveText(name === 'Overview' ? 'acme' : name);
    await expect(heading, 'focus goes to the heading').toBeFocused();
    await expect(menu.getByRole('link', { name: new RegExp(`^${name}`) })).toHaveAttribute('aria-current', 'page');
    await expect(owner).toHaveTitle(new RegExp(`^${name} · Reeve`));
  }
  await owner.goBack();
  await expect(owner.getByRole('heading', { level: 1 })).toHaveText('Settings');
  expect(await owner.evaluate(() => 'sameDocument' in window)).toBe(true);
});

test('the frame survives going from the organization to oneself and back', async ({ owner, hydrated }) => {
  await owner.goto('/');
  await owner.waitForURL(/\/organizations\//);
  await hydrated(owner);
  await owner.getByRole('button', { name: 'owner@acme.test' }).click();
  await owner.getByRole('link', { name: 'Sessions' }).click();
  await expect(owner.getByRole('heading', { level: 1 })).toHaveText('Sessions');
  await expect(owner.getByRole('heading', { level: 1 })).toBeFocused();
  await owner.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: /^Overview/ }).click();
  await expect(owner.getByRole('heading', { level: 1 })).toHaveText('acme');
});

test('a theme is chosen and kept, without a flash of the other one', async ({ owner, hydrated }) => {
  await owner.goto('/me');
  await hydrated(owner);
  for (const [label, theme] of [['Dark', 'dark'], ['Light', 'light']] as const) {
    await owner.getByRole('button', { name: 'Theme' }).click();
    await owner.getByRole('button', { name: label }).click();
    await expect(owner.locator('html')).toHaveAttribute('data-theme', theme);
    await expect(owner).toHaveURL(/\/me$/);
  }
  const html = await (await owner.request.get('/me')).text();
  expect(html).toMatch(/<html[^>]*data-theme="light"/);
});

test('the keyboard goes everywhere', async ({ owner, hydrated }) => {
  await owner.goto('/');
  await owner.waitForURL(/\/organizations\//);
  await hydrated(owner);
  await owner.keyboard.press('Control+k');
  const dialog = owner.getByRole('dialog');
  await expect(dialog).toBeVisible();
  await owner.keyboard.type('sessions');
  await owner.keyboard.press('Enter');
  await expect(owner.getByRole('heading', { level: 1 })).toHaveText('Sessions');
  await owner.keyboard.press('g');
  await owner.keyboard.press('m');
  await expect(owner.getByRole('heading', { level: 1 })).toHaveText('Members');
  await owner.keyboard.press('?');
  await expect(owner.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible();
  await owner.keyboard.press('Escape');
  await expect(owner.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeHidden();
});
