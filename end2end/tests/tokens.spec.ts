import { expect, test } from '../fixtures/reeve';

test('a token is made, shown once, used and revoked', async ({ reeve, join, hydrated, a11y, playwright }) => {
  const { page } = await join('tokens@acme.test', 'Tom Token');
  await page.goto('/me/tokens');
  await hydrated(page);
  await expect(page.getByText('No tokens yet')).toBeVisible();
  await page.getByLabel('Name', { exact: true }).fill('nightly');
  await page.getByLabel('Works for').selectOption({ label: '30 days' });
  await page.getByRole('button', { name: 'Create token' }).click();

  const shown = page.getByRole('region', { name: 'Token nightly' });
  await expect(shown).toContainText('ZENPROKEY_');
  const token = (await shown.locator('code').first().textContent())!.trim();
  const row = page.getByRole('row', { name: /nightly/ });
  await expect(row).toContainText('Never');
  await a11y(page);

  const program = await playwright.request.newContext({ extraHTTPHeaders: { authorization: `Bearer ${token}` } });
  expect((await program.get(`${reeve.url}/api/v1/organizations`)).status()).toBe(200);

  await page.reload();
  await hydrated(page);
  await expect(page.getByText('ZENPROKEY_')).toHaveCount(0);
  await row.getByRole('button', { name: 'Actions for nightly' }).click();
  await page.getByRole('button', { name: 'Revoke', exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke token' }).click();
  await expect(row).toContainText('Revoked');
  expect((await program.get(`${reeve.url}/api/v1/organizations`)).status()).toBe(401);
  await program.dispose();
});

test('the day a token ends is chosen, and a wrong one is answered at its field', async ({ join, hydrated, consoleClean }) => {
  const { page } = await join('token-day@acme.test', 'Dora Day');
  consoleClean.allow(/status of 422/);
  await page.goto('/me/tokens');
  await hydrated(page);
  await expect(page.getByLabel('Last day')).toBeHidden();
  await page.getByLabel('Name', { exact: true }).fill('until');
  await page.getByLabel('Works for').selectOption({ label: 'Until a day I choose' });
  await page.getByLabel('Last day').fill('2001-01-01');
  await page.getByRole('button', { name: 'Create token' }).click();
  await expect(page.getByLabel('Last day')).toHaveAttribute('aria-invalid', 'true');
  await expect(page.getByLabel('Name', { exact: true })).toHaveValue('until');
  const inAYear = new Date(Date.now() + 365 * 86_400_000).toISOString().slice(0, 10);
  await page.getByLabel('Last day').fill(inAYear);
  await page.getByRole('button', { name: 'Create token' }).click();
  await expect(page.getByRole('region', { name: 'Token until' })).toBeVisible();
});

test('a token is limited to what is chosen, switched off and rotated', async ({ reeve, join, hydrated, a11y, playwright }) => {
  const { page } = await join('limits-tokens@acme.test', 'Lena Limits', { role: 'organization-viewer' });
  const org = `${reeve.url}/api/v1/organizations/${reeve.initial!.organization_id}`;
  const ask = async (token: string, path: string) => {
    const program = await playwright.request.newContext({ extraHTTPHeaders: { authorization: `Bearer ${token}` } });
    const status = (await program.get(org + path)).status();
    await program.dispose();
    return status;
  };
  await page.goto('/me/tokens');
  await hydrated(page);
  await page.getByLabel('Name', { exact: true }).fill('reader');
  await page.getByText('Only what I choose', { exact: true }).click();
  await page.getByRole('checkbox', { name: 'See who is a member' }).check();
  await page.getByRole('button', { name: 'Create token' }).click();
  const shown = page.getByRole('region', { name: 'Token reader' });
  const first = (await shown.locator('code').first().textContent())!.trim();
  const row = page.getByRole('row', { name: /reader/ });
  await expect(row).toContainText('See who is a member');
  expect([await ask(first, '/members'), await ask(first, '/roles')]).toEqual([200, 403]);
  await a11y(page);

  await row.getByRole('button', { name: 'Actions for reader' }).click();
  await page.getByRole('button', { name: 'Switch off' }).click();
  await expect(row).toContainText('Switched off');
  expect(await ask(first, '/members')).toBe(401);
  await row.getByRole('button', { name: 'Actions for reader' }).click();
  await page.getByRole('button', { name: 'Switch on' }).click();
  await expect(row).toContainText('Works');

  await row.getByRole('button', { name: 'Actions for reader' }).click();
  await page.getByRole('button', { name: 'Rotate', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Rotate reader' });
  await a11y(page);
  await dialog.getByLabel('The old secret').selectOption({ label: 'Works for another 10 minutes' });
  await dialog.getByRole('button', { name: 'Rotate token' }).click();
  await expect(row).toContainText('Old secret works until');
  const second = (await shown.locator('code').first().textContent())!.trim();
  expect(second).not.toBe(first);
  // The limits are the key’s, whichever secret is shown.
  expect([await ask(first, '/members'), await ask(second, '/members'), await ask(second, '/roles')]).toEqual([200, 200, 403]);
});
