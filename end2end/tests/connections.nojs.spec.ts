import { signInAtProvider } from '../fixtures/provider';
import { expect, signIn, test } from '../fixtures/reeve';

test('a provider is connected, and signs people in, without JavaScript', async ({ empty, visitor }) => {
  const reeve = await empty();
  const initial = await reeve.init();
  const owner = await visitor();
  await signIn(owner, initial.sign_in_url);
  await owner.goto(`${reeve.url}/organizations/${initial.organization_id}/connections/new`);
  await owner.getByLabel('Label').fill('Acme Login');
  await owner.getByLabel('Issuer').fill(reeve.op.issuer);
  await owner.getByLabel('Client id').fill(reeve.op.clientId);
  await owner.getByLabel('Client secret').fill(reeve.op.clientSecret);
  await owner.getByRole('button', { name: 'Add connection' }).click();
  await owner.waitForURL(/\/connections\/[0-9a-f-]{36}/);

  const page = await visitor();
  await page.goto(`${reeve.url}/me/sessions`);
  await page.getByRole('button', { name: 'Continue with Acme Login' }).click();
  await signInAtProvider(page, 'nora');
  await page.waitForURL(`${reeve.url}/me/sessions`);
  await expect(page.getByText('Acme Login')).toBeVisible();
});
