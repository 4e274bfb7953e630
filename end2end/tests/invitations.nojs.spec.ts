import { expect, test } from '../fixtures/reeve';

test('inviting, accepting and signing out work without JavaScript', async ({ reeve, owner, visitor }) => {
  const org = `/organizations/${reeve.initial!.organization_id}`;
  await owner.goto(`${org}/invitations/new`);
  await owner.getByLabel('E-mail addresses').fill('plain@acme.test');
  await owner.getByRole('button', { name: 'Send invitations' }).click();
  await expect(owner.getByRole('region', { name: 'Link for plain@acme.test' })).toContainText(`${reeve.url}/invite/`);
  await owner.goto(`${org}/invitations?q=plain`);
  await expect(owner.getByRole('row', { name: /plain@acme.test/ })).toContainText('Open');

  const guest = await visitor();
  await guest.goto(await reeve.mail.linkFor('plain@acme.test', /acme/i));
  await guest.getByLabel('Your name').fill('Paula Plain');
  await guest.getByRole('button', { name: 'Create account and join' }).click();
  await guest.waitForURL(new RegExp(`${org}$`));
  await guest.getByRole('button', { name: 'plain@acme.test' }).click();
  await guest.getByRole('button', { name: 'Sign out' }).click();
  await guest.waitForURL(/\/login/);

  await owner.goto(`${org}/members?q=paula`);
  await expect(owner.getByRole('row', { name: /Paula Plain/ })).toBeVisible();
});

test('declining works without JavaScript', async ({ reeve, owner, visitor, consoleClean }) => {
  consoleClean.allow(/status of 410/);
  const org = `/organizations/${reeve.initial!.organization_id}`;
  await owner.goto(`${org}/invitations/new`);
  await owner.getByLabel('E-mail addresses').fill('plain-decline@acme.test');
  await owner.getByRole('button', { name: 'Send invitations' }).click();
  await expect(owner.getByRole('region', { name: /^Link for/ })).toBeVisible();
  const guest = await visitor();
  await guest.goto(await reeve.mail.linkFor('plain-decline@acme.test', /acme/i));
  await guest.getByRole('button', { name: 'Decline' }).click();
  await guest.getByRole('button', { name: 'Decline invitation' }).click();
  await expect(guest.getByRole('heading', { level: 1 })).toHaveText('This invitation was declined');
});
