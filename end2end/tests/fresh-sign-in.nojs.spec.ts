import { expect, signIn, test } from '../fixtures/reeve';

test('without JavaScript a form comes back and says where to sign in again', async ({ reeve, join }) => {
  const { id: other } = await join('plain-other@acme.test', 'Olaf Other');
  const { id, email, page } = await join('plain-again@acme.test', 'Paul Plain', { role: 'organization-admin' });
  const member = `/organizations/${reeve.initial!.organization_id}/members/${other}`;
  await reeve.signedInLongAgo(id);
  const change = async () => {
    await page.getByRole('group', { name: 'Role' }).getByText('Billing Admin', { exact: true }).click();
    await page.getByRole('button', { name: 'Change role' }).click();
  };
  await page.goto(member);
  await change();
  const again = page.getByRole('link', { name: 'Sign in again to confirm it is you' });
  await expect(again).toBeVisible();
  expect(new URL((await again.getAttribute('href'))!, reeve.url).searchParams.get('next')).toBe(member);

  await signIn(page, await reeve.signInLink(email));
  await page.goto(member);
  await change();
  await page.goto(member);
  await expect(page.getByRole('radio', { name: /Billing Admin/ })).toBeChecked();
});
