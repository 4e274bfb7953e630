import { accept, invite, secretOf } from '../fixtures/people';
import { expect, signIn, test } from '../fixtures/reeve';
import { serverFunction } from '../fixtures/server-function';

test('somebody is invited by mail, accepts in a browser of their own, and is a member', async ({ reeve, owner, visitor, hydrated, a11y }) => {
  const org = `/organizations/${reeve.initial!.organization_id}`;
  await owner.goto(`${org}/invitations/new`);
  await hydrated(owner);
  await owner.getByLabel('E-mail addresses').fill('alice@acme.test');
  await owner.getByRole('button', { name: 'Send invitations' }).click();
  const shown = owner.getByRole('region', { name: 'Link for alice@acme.test' });
  await expect(shown).toContainText(`${reeve.url}/invite/`);
  await a11y(owner);

  const link = await reeve.mail.linkFor('alice@acme.test', /acme/i);
  expect(link, 'the mailed link is another one than the copied one').not.toBe((await shown.locator('code').textContent())?.trim());
  const alice = await visitor();
  await alice.goto(link);
  await hydrated(alice);
  await expect(alice.getByRole('heading', { level: 1 })).toHaveText('Join acme');
  await alice.getByLabel('Your name').fill('Alice Adams');
  await alice.getByRole('button', { name: 'Create account and join' }).click();
  await alice.waitForURL(new RegExp(`${org}$`));
  await expect(alice.getByText('Alice Adams').first()).toBeVisible();

  await owner.goto(`${org}/members?q=alice`);
  await hydrated(owner);
  await expect(owner.getByRole('row', { name: /Alice Adams/ })).toContainText('Member');
  await owner.goto(`${org}/invitations?q=alice`);
  await expect(owner.getByRole('row', { name: /alice@acme.test/ })).toContainText('Accepted');
});

test('several are invited at once, and one wrong address stops all of them', async ({ reeve, owner, hydrated, consoleClean }) => {
  const org = `/organizations/${reeve.initial!.organization_id}`;
  consoleClean.allow(/status of 422/);
  await owner.goto(`${org}/invitations/new`);
  await hydrated(owner);
  const addresses = owner.getByLabel('E-mail addresses');
  await addresses.fill('many-1@acme.test, not-an-address');
  await owner.getByRole('button', { name: 'Send invitations' }).click();
  await expect(addresses).toHaveAttribute('aria-invalid', 'true');
  await expect(addresses).toBeFocused();
  await expect(owner.getByRole('main').locator('form')).toContainText('not-an-address');

  await addresses.fill('many-1@acme.test\nmany-2@acme.test');
  await owner.getByRole('button', { name: 'Send invitations' }).click();
  await expect(owner.getByText('2 people are invited')).toBeVisible();
  await owner.getByRole('link', { name: 'Go to invitations' }).click();
  await expect(owner.getByRole('row', { name: /many-1@acme.test/ })).toContainText('Open');
  await expect(owner.getByRole('row', { name: /many-2@acme.test/ })).toContainText('Open');
  expect(reeve.mail.all().filter((mail) => mail.to.includes('not-an-address'))).toEqual([]);
});

test('an invitation is resent and revoked; the link before stops working each time', async ({ reeve, owner, visitor, hydrated, consoleClean }) => {
  const org = reeve.initial!.organization_id;
  const first = await invite(owner.request, reeve.url, org, 'resent@acme.test');
  await owner.goto(`/organizations/${org}/invitations?q=resent`);
  await hydrated(owner);
  const row = owner.getByRole('row', { name: /resent@acme.test/ });
  await row.getByRole('button', { name: 'Resend' }).click();
  const second = await owner.getByRole('region', { name: 'Link for resent@acme.test' }).locator('code').textContent();
  const guest = await visitor();
  consoleClean.allow(/status of (404|410)/);
  const before = await guest.goto(first.url);
  expect([404, 410]).toContain(before?.status());
  await guest.goto(second!.trim());
  await expect(guest.getByRole('heading', { level: 1 })).toHaveText('Join acme');

  await row.getByRole('button', { name: 'Revoke' }).click();
  await owner.getByRole('dialog').getByRole('button', { name: 'Revoke invitation' }).click();
  await expect(row).toContainText('Revoked');
  expect((await guest.reload())?.status()).toBe(410);
  await expect(guest.getByRole('heading', { level: 1 })).toHaveText('This invitation was taken back');
});

test('declining ends an invitation, and the inviter sees it', async ({ reeve, owner, visitor, hydrated }) => {
  const org = reeve.initial!.organization_id;
  const made = await invite(owner.request, reeve.url, org, 'declines@acme.test');
  const guest = await visitor();
  await guest.goto(made.url);
  await hydrated(guest);
  await guest.getByRole('button', { name: 'Decline' }).click();
  await guest.getByRole('dialog').getByRole('button', { name: 'Decline invitation' }).click();
  await expect(guest.getByRole('heading', { level: 1 })).toHaveText('This invitation was declined');
  await owner.goto(`/organizations/${org}/invitations?q=declines`);
  await expect(owner.getByRole('row', { name: /declines@acme.test/ })).toContainText('Declined');
});

test('every invitation that cannot be taken says why', async ({ reeve, owner, visitor, hydrated, consoleClean, a11y }) => {
  const org = reeve.initial!.organization_id;
  const made = async (name: string) => invite(owner.request, reeve.url, org, `${name}@states.test`);
  consoleClean.allow(/status of (404|410)/);

  const used = await made('used');
  await accept((await visitor()).request, reeve.url, used.url, 'Uma Used');
  const revoked = await made('revoked');
  await serverFunction(owner.request, reeve.url, 'invitations/revoke', { org, id: revoked.id });
  const expired = await made('expired');
  await reeve.runOut('invitations', expired.id);

  const page = await visitor();
  for (const [url, status, heading] of [
    [used.url, 410, 'This invitation was used'],
    [revoked.url, 410, 'This invitation was taken back'],
    [expired.url, 410, 'This invitation has run out'],
    [`${reeve.url}/invite/${secretOf(expired.url).slice(0, -1)}`, 410, 'This is over'],
    [`${reeve.url}/invite/unknown`, 410, 'This is over'],
  ] as const) {
    expect((await page.goto(url))?.status(), heading).toBe(status);
    await hydrated(page);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(heading);
    await expect(page.getByRole('button', { name: /join/i })).toHaveCount(0);
    await a11y(page);
  }
});

test('an invitation of somebody else is not taken by whoever is signed in; the right account comes back to it', async ({ reeve, owner, visitor, hydrated, consoleClean }) => {
  const org = reeve.initial!.organization_id;
  // Two accounts, one of which is invited anew after it left.
  const one = await visitor();
  const invited = await invite(owner.request, reeve.url, org, 'returns@acme.test');
  const link = await reeve.mail.linkFor('returns@acme.test', /acme/i);
  const id = await accept(one.request, reeve.url, link, 'Rita Returns');
  expect(invited.email).toBe('returns@acme.test');
  await serverFunction(owner.request, reeve.url, 'members/remove', { org, user: id });
  const again = await invite(owner.request, reeve.url, org, 'returns@acme.test');

  await owner.goto(again.url);
  await hydrated(owner);
  await expect(owner.getByText('This is for another account')).toBeVisible();
  await expect(owner.getByText('You are signed in as owner@acme.test')).toBeVisible();
  await expect(owner.getByRole('button', { name: /accept/i })).toHaveCount(0);

  // In a browser that is signed in to nothing: to the mailbox and back.
  const other = await visitor();
  await other.goto(again.url);
  await hydrated(other);
  await other.getByRole('button', { name: 'Sign in to accept' }).click();
  await other.waitForURL(/\/login\?/);
  await other.getByLabel('E-mail address').fill('returns@acme.test');
  await other.getByRole('button', { name: 'Mail me a sign-in link' }).click();
  await signIn(other, await reeve.mail.linkFor('returns@acme.test', /sign/i));
  await other.getByRole('button', { name: 'Accept and join' }).click();
  await other.waitForURL(new RegExp(`/organizations/${org}$`));

  // Whoever has joined is told so.
  consoleClean.allow(/status of 410 .*\/invite\//);
  await other.goto(again.url);
  await expect(other.getByRole('heading', { level: 1 })).toHaveText('This invitation was used');
});
