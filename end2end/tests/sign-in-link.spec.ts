import { expect, signIn, test } from '../fixtures/reeve';

test('a link from the mailbox signs in, once', async ({ reeve, join, visitor, hydrated, consoleClean }) => {
  // Not the owner: the first link out of a mailbox ends every session made before it, and others use the owner's.
  const { email } = await join('by-link@acme.test', 'Bela Link');
  const page = await visitor();
  await page.goto('/login');
  await hydrated(page);
  await page.getByLabel('E-mail address').fill(email);
  await page.getByRole('button', { name: 'Mail me a sign-in link' }).click();
  await expect(page.getByText('Look into your mailbox')).toBeVisible();

  const link = await reeve.mail.linkFor(email, /sign/i);
  await page.goto(link);
  await hydrated(page);
  // Opening it has not used it up: mail scanners open links too.
  await page.reload();
  await hydrated(page);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL(/\/organizations\//);

  consoleClean.allow(/status of 410/);
  const again = await (await visitor()).goto(link);
  expect(again?.status()).toBe(410);
});

test('a known and an unknown address get the same answer, and only one of them a mail', async ({ reeve, visitor, hydrated }) => {
  const page = await visitor();
  const mails = () => reeve.mail.all().filter((mail) => mail.to.includes('owner@acme.test')).length;
  const before = mails();
  for (const address of ['nobody@acme.test', 'owner@acme.test']) {
    await page.goto('/login');
    await hydrated(page);
    await page.getByLabel('E-mail address').fill(address);
    await page.getByRole('button', { name: 'Mail me a sign-in link' }).click();
    await expect(page.getByText('If an account with this address exists')).toBeVisible();
  }
  // The second mail was asked for later; once it is there, the first would be too.
  await expect.poll(mails).toBeGreaterThan(before);
  expect(reeve.mail.all().filter((mail) => mail.to.includes('nobody@acme.test'))).toEqual([]);
});

test('sign-in leads back to the page that asked for it, and never off this site', async ({ reeve, join, visitor, hydrated }) => {
  const { email } = await join('comes-back@acme.test', 'Cora Back');
  const page = await visitor();
  await page.goto('/me/sessions');
  await page.waitForURL(/\/login\?next=%2Fme%2Fsessions/);
  await hydrated(page);
  await page.getByLabel('E-mail address').fill(email);
  const before = reeve.mail.all().length;
  await page.getByRole('button', { name: 'Mail me a sign-in link' }).click();
  await expect(page.getByText('Look into your mailbox')).toBeVisible();
  await expect.poll(() => reeve.mail.all().length).toBeGreaterThan(before);
  await signIn(page, await reeve.mail.linkFor(email, /sign/i));
  await expect(page).toHaveURL(/\/me\/sessions$/);
});

test('a forged link is refused with a page that says what to do', async ({ visitor, consoleClean, a11y }) => {
  const page = await visitor();
  consoleClean.allow(/status of (404|410)/);
  const answer = await page.goto('/login/link/forged');
  expect([404, 410]).toContain(answer?.status());
  await expect(page.getByRole('main').getByRole('link')).toBeVisible();
  await a11y(page);
});
