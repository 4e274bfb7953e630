import { expect, test } from '../fixtures/reeve';
import { printedSetupLink } from '../fixtures/setup';

test('an installation is set up without JavaScript', async ({ empty, page }) => {
  const reeve = await empty();
  await page.goto(await printedSetupLink(reeve));
  await page.getByLabel('Organization').fill('Acme');
  await page.getByLabel('Your name').fill(' ');
  await page.getByLabel('Your e-mail address').fill('olga@acme.test');
  await page.getByRole('button', { name: 'Create organization' }).click();
  // Back on the form, with the reason at its field.
  await expect(page.getByLabel('Your name')).toHaveAttribute('aria-invalid', 'true');

  await page.getByLabel('Organization').fill('Acme');
  await page.getByLabel('Your name').fill('Olga');
  await page.getByLabel('Your e-mail address').fill('olga@acme.test');
  await page.getByRole('button', { name: 'Create organization' }).click();
  await page.waitForURL(/\/organizations\/[0-9a-f-]{36}$/);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
});
