import { expect, signInByMail, test } from '../fixtures/reeve';

test('signing in to a workspace works without JavaScript', async ({ reeve, owner, join, visitor, relyingParty }) => {
  const { id, email } = await join('plain-enters@acme.test', 'Petra Plain');
  const party = await relyingParty('lets-in-plainly');
  await party.admit(owner.request, email);
  const page = await visitor();
  await page.goto(party.login);
  await page.waitForURL(/\/login\?next=/);
  // One form's answer leads all the way to the workspace, which the policy of its page must allow.
  await signInByMail(page, reeve, email);
  expect((await party.letIn(page)).claims.sub).toBe(id);
});
