import { accept, invite } from '../fixtures/people';
import { engine, expect, signIn, test } from '../fixtures/reeve';
import { serverFunction } from '../fixtures/server-function';
import { pollDeviceLogin, startDeviceLogin } from '../fixtures/world';

// Two processes over one database can only be had with PostgreSQL. To a browser both are one site: cookies do not
// tell ports apart, as they would not tell what is behind a load balancer.
test.skip(engine !== 'postgres', 'replicas need PostgreSQL');

test('what one replica decides holds on the other at its next request', async ({ empty, visitor, request, hydrated }) => {
  const reeve = await empty();
  const { organization_id: org, sign_in_url } = await reeve.init();
  const a = reeve.url;
  const b = await reeve.replica();

  // A session of one is one of the other.
  const owner = await visitor();
  await signIn(owner, sign_in_url);
  await owner.goto(`${b}/me`);
  await expect(owner).toHaveURL(`${b}/me`);

  // An invitation of one is taken on the other, and revoked on either.
  const invited = await invite(owner.request, a, org, 'both@acme.test');
  const member = await visitor();
  await member.goto(invited.url.replace(a, b));
  await expect(member.getByRole('heading', { level: 1 })).toHaveText('Join acme');
  const second = await invite(owner.request, b, org, 'taken-back@acme.test');
  await serverFunction(owner.request, a, 'invitations/revoke', { org, id: second.id });
  const guest = await request.get(second.url.replace(a, b));
  expect(guest.status()).toBe(410);

  // A command line that asked one is approved on the other.
  const login = await startDeviceLogin(request, a);
  expect((await pollDeviceLogin(request, b, login)).status).toBe(400);
  await owner.goto(b + login.page);
  await hydrated(owner);
  await owner.getByRole('button', { name: 'Approve' }).click();
  await expect(owner.getByRole('heading', { level: 1 })).toHaveText('Device approved');
  let token = '';
  await expect
    .poll(
      async () => {
        const poll = await pollDeviceLogin(request, a, login);
        token = poll.body.access_token ?? '';
        return poll.status;
      },
      { intervals: [6000], timeout: 20_000 },
    )
    .toBe(200);
  const asDevice = (base: string) => request.get(`${base}/api/v1/organizations`, { headers: { authorization: `Bearer ${token}` } });
  expect((await asDevice(a)).status()).toBe(200);
  expect((await asDevice(b)).status()).toBe(200);

  // What is taken away on one is gone on the other.
  const devices = await serverFunction<{ id: string }[]>(owner.request, b, 'devices/list');
  await serverFunction(owner.request, b, 'devices/revoke', { id: devices[0]!.id });
  expect((await asDevice(a)).status()).toBe(401);
  const id = await accept(member.request, b, invited.url, 'Bo Both');
  expect((await member.request.get(`${a}/organizations/${org}`)).status()).toBe(200);
  await serverFunction(owner.request, a, 'members/remove', { org, user: id });
  expect((await member.request.get(`${b}/organizations/${org}`)).status()).toBe(404);
  const sessions = await serverFunction<{ id: string; current: boolean }[]>(member.request, a, 'sessions/list');
  await serverFunction(member.request, a, 'sessions/end', { id: sessions.find((session) => session.current)!.id });
  await member.goto(`${b}/me`);
  await expect(member).toHaveURL(/\/login/);
});
