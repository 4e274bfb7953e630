import { expect, test } from '../fixtures/reeve';

test('a token is made, shown once, used and revoked', async ({ reeve, join, hydrated, a11y, playwright }) => {
  const { page } = await join('tokens@acme.test', 'Tom Token');
  await page.goto('/me/tokens');
  await hydrated(page);
  await expect(page.getByText('No tokens yet')).toBeVisible();
  await page.getByLabel('Name').fill('nightly');
  await page.getByLabel('Works for').selectOption({ label: '30 days' });
  await page.getByRole('button', { name: 'Create token' }).click();

  const shown = page.getByRole('region', { name: 'Token nightly' });
  await expect(shown).toContainText('ZENPROKEY_');
  const token = (await shown.locator('code').first().textContent())!.trim();
  await a11y(page);
  const row = page.getByRole('row', { name: /nightly/ });
  await expect(row).toContainText('Never');

  const program = await playwright.request.newContext({ extraHTTPHeaders: { authorization: `Bearer ${token}` } });
  expect((await program.get(`${reeve.url}/api/v1/organizations`)).status()).toBe(200);

  await page.reload();
  await hydrated(page);
  await expect(page.getByText('ZENPROKEY_')).toHaveCount(0);
  await row.getByRole('button', { name: 'Revoke' }).click();
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
  await page.getByLabel('Name').fill('until');
  await page.getByLabel('Works for').selectOption({ label: 'Until a day I choose' });
  await page.getByLabel('Last day').fill('2001-01-01');
  await page.getByRole('button', { name: 'Create token' }).click();
  await expect(page.getByLabel('Last day')).toHaveAttribute('aria-invalid', 'true');
  await expect(page.getByLabel('Name')).toHaveValue('until');
  const inAYear = new Date(Date.now() + 365 * 86_400_000).toISOString().slice(0, 10);
  await page.getByLabel('Last day').fill(inAYear);
  await page.getByRole('button', { name: 'Create token' }).click();
  await expect(page.getByRole('region', { name: 'Token until' })).toBeVisible();
});
