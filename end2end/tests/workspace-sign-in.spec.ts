import type { Page } from '@playwright/test';
import * as client from 'openid-client';
import { expect, signIn, signInByMail, test } from '../fixtures/reeve';
import { serverFunction } from '../fixtures/server-function';

test('who may enter a workspace signs in to it with Reeve, whatever its tokens are signed with', async ({ reeve, owner, join, visitor, relyingParty, hydrated, request }) => {
  const person = await join('enters@acme.test', 'Enid Enters');
  const party = await relyingParty('lets-in');
  await party.admit(owner.request, person.email);

  const page = await visitor();
  await page.goto(party.login);
  await page.waitForURL(/\/login\?next=/);
  await hydrated(page);
  await signInByMail(page, reeve, person.email);
  const first = await party.letIn(page);

  const { issuer } = (await (await request.get(`${reeve.url}/.well-known/openid-configuration`)).json()) as { issuer: string };
  const { username } = await serverFunction<{ username: string }>(person.page.request, reeve.url, 'sessions/me');
  const about = { sub: person.id, name: person.name, preferred_username: username, email: person.email, email_verified: true };
  const [number, text] = [expect.any(Number), expect.any(String)];
  expect(first.claims).toEqual({ ...about, iss: issuer, aud: party.workspace.id, exp: number, iat: number, auth_time: number, nonce: text, sid: text });
  expect(first.claims.auth_time).toBeLessThanOrEqual(first.claims.iat);
  expect(first.userinfo).toEqual(about);
  expect(first.header.alg).toBe('EdDSA');

  for (const algorithm of ['RS256', 'ES256']) {
    await serverFunction(owner.request, reeve.url, 'workspaces/update', { workspace: party.workspace.id, display_name: 'Lets in', token_algorithm: algorithm });
    // Reeve knows the browser by now, and asks nothing.
    await page.goto(party.login);
    const again = await party.letIn(page);
    expect(again.header.alg).toBe(algorithm);
    expect(again.claims, 'the same session, signed in to once more').toEqual({ ...first.claims, exp: number, iat: number, nonce: text });
    expect(again.claims.nonce).not.toBe(first.claims.nonce);
  }
});

test('who may not enter a workspace is sent back to it with nothing, until they may', async ({ owner, join, relyingParty }) => {
  const { id, email, page } = await join('stays-out@acme.test', 'Otto Outside');
  const party = await relyingParty('keeps-out');
  await page.goto(party.login);
  expect(await party.turnedAway(page)).toBe('access_denied');
  await party.admit(owner.request, email);
  await page.goto(party.login);
  expect((await party.letIn(page)).claims.sub).toBe(id);
});

test('nobody is sent to an address that the workspace has not registered', async ({ reeve, visitor, owner, relyingParty, a11y, consoleClean }) => {
  const party = await relyingParty('knows-its-own');
  consoleClean.allow(/status of 400/);
  const wrong: Record<string, string>[] = [
    { redirect_uri: `${party.url}/elsewhere` },
    // Near is not there: each is compared exactly.
    { redirect_uri: `${party.callback}/` },
    { redirect_uri: `${party.callback}?next=elsewhere` },
    { client_id: '00000000-0000-7000-8000-000000000000' },
  ];
  const stays = async (page: Page, fields: Record<string, string>) => {
    const { address } = await party.request(fields);
    const answer = await page.goto(address.href);
    expect(answer?.status(), JSON.stringify(fields)).toBe(400);
    expect(new URL(page.url()).origin).toBe(reeve.url);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  };
  for (const fields of wrong) await stays(owner, fields);
  await a11y(owner);
  // Nor is anybody who is not signed in, and is not to be asked to.
  const stranger = await visitor();
  for (const fields of wrong) await stays(stranger, { ...fields, prompt: 'none' });
});

test('a workspace is told of each session that is over, whoever has ended it', async ({ reeve, owner, join, visitor, relyingParty, hydrated }) => {
  const person = await join('is-over@acme.test', 'Oda Over');
  const party = await relyingParty('is-told');
  await party.admit(owner.request, person.email);
  const enter = async (page: Page) => {
    await page.goto(party.login);
    return { sid: (await party.letIn(page)).claims.sid, sub: person.id };
  };
  const another = async () => {
    const page = await visitor();
    await signIn(page, await reeve.signInLink(person.email));
    return page;
  };
  const leaves = await another();
  const [first, second, third] = [await enter(person.page), await enter(leaves), await enter(await another())];
  expect(new Set([first.sid, second.sid, third.sid]).size).toBe(3);
  expect(await party.told()).toEqual([]);

  await leaves.goto('/me');
  await hydrated(leaves);
  await leaves.getByRole('button', { name: person.email }).click();
  await leaves.getByRole('button', { name: 'Sign out' }).click();
  await expect.poll(() => party.told(), 'of who signed out').toEqual([second]);

  await serverFunction(person.page.request, reeve.url, 'sessions/end_others');
  await expect.poll(() => party.told(), 'of what was ended from another browser').toEqual([second, third]);

  await serverFunction(owner.request, reeve.url, 'member_sessions/end_all', { org: reeve.initial!.organization_id, user: person.id });
  await expect.poll(() => party.told(), 'of what an administrator ended').toEqual([second, third, first]);
});

test('a workspace that was not there to be told is told again', async ({ reeve, owner, join, relyingParty }) => {
  const { id, email, page } = await join('told-again@acme.test', 'Toni Told');
  const party = await relyingParty('refuses-once', { refuse: 1 });
  await party.admit(owner.request, email);
  await page.goto(party.login);
  const { sid } = (await party.letIn(page)).claims;
  const sessions = await serverFunction<{ id: string; current: boolean }[]>(page.request, reeve.url, 'sessions/list');
  await serverFunction(page.request, reeve.url, 'sessions/end', { id: sessions.find((session) => session.current)!.id });
  await expect.poll(() => party.told(), { timeout: 90_000 }).toEqual([{ sid, sub: id }]);
});

test('a workspace asks whether somebody is signed in, and nobody notices', async ({ reeve, owner, visitor, relyingParty }) => {
  const party = await relyingParty('asks-quietly');
  const page = await visitor();
  await page.goto(`${party.login}?prompt=none`);
  expect(await party.turnedAway(page)).toBe('login_required');
  await owner.goto(`${party.login}?prompt=none`);
  expect((await party.letIn(owner)).claims.sub).toBe(reeve.initial!.user_id);
});

test('a workspace that wants a fresh sign-in gets one, of the session it knows', async ({ reeve, owner, join, relyingParty, hydrated }) => {
  const { id, email, page } = await join('enters-again@acme.test', 'Anka Again');
  const party = await relyingParty('wants-it-fresh');
  await party.admit(owner.request, email);
  await page.goto(party.login);
  const { sid } = (await party.letIn(page)).claims;
  await reeve.signedInLongAgo(id);

  // The first asks since it was long ago, the second although it was just now.
  for (const wish of ['max_age=600', 'prompt=login']) {
    await page.goto(`${party.login}?${wish}`);
    await page.waitForURL(/\/login\?next=/);
    await hydrated(page);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Confirm it is you');
    const asked = Math.floor(Date.now() / 1000);
    await signInByMail(page, reeve, email);
    const { claims } = await party.letIn(page);
    expect(claims.auth_time).toBeGreaterThanOrEqual(asked);
    expect(claims.sid).toBe(sid);
  }
  expect(await party.told(), 'the session goes on').toEqual([]);
});

test('a code works once, and showing it again ends what it was exchanged for', async ({ reeve, owner, request, relyingParty }) => {
  const party = await relyingParty('redeems-once');
  const { config, address, checks } = await party.request();
  await owner.goto(address.href);
  const brought = await party.brought(owner);
  const tokens = await client.authorizationCodeGrant(config, brought, checks);
  const userinfo = async () => (await request.get(`${reeve.url}/oauth/userinfo`, { headers: { authorization: `Bearer ${tokens.access_token}` } })).status();
  expect(await userinfo()).toBe(200);
  await expect(client.authorizationCodeGrant(config, brought, checks)).rejects.toMatchObject({ error: 'invalid_grant' });
  expect(await userinfo()).toBe(401);
});

test('a code is only given to who can prove to have asked for it', async ({ owner, relyingParty }) => {
  const party = await relyingParty('proves-it');
  const { config, address, checks } = await party.request();
  await owner.goto(address.href);
  const forged = { ...checks, pkceCodeVerifier: client.randomPKCECodeVerifier() };
  await expect(client.authorizationCodeGrant(config, await party.brought(owner), forged)).rejects.toMatchObject({ error: 'invalid_grant' });

  address.searchParams.delete('code_challenge');
  address.searchParams.delete('code_challenge_method');
  await owner.goto(address.href);
  const brought = (await party.brought(owner)).searchParams;
  expect(brought.get('error')).toBe('invalid_request');
  expect(brought.get('state')).toBe(checks.expectedState);
  expect(brought.get('iss')).toBe(config.serverMetadata().issuer);
  expect(brought.has('code')).toBe(false);
});

test('the page of a workspace takes the addresses with which people sign in there, and no others', async ({ reeve, owner, relyingParty, hydrated, a11y, consoleClean }) => {
  const party = await relyingParty('is-set-up', { registered: false });
  await owner.goto(`/workspaces/${party.workspace.name}`);
  await hydrated(owner);
  const section = owner.locator('section').filter({ has: owner.getByRole('heading', { name: 'Sign in with Reeve' }) });
  const addresses = section.getByLabel('Redirect addresses');
  const save = section.getByRole('button', { name: 'Save' });
  await addresses.fill(`${party.callback}\n${party.shown}`);
  await section.getByLabel('Sign-out address').fill(party.backchannel);
  await save.click();
  await expect(section.getByRole('status').filter({ hasText: 'Saved' })).toBeVisible();
  await a11y(owner);

  consoleClean.allow(/status of 422/);
  for (const wrong of ['http://evil.example/cb', 'https://acme.example/cb#part', 'acme.example']) {
    const text = `${party.callback}\n${wrong}`;
    await addresses.fill(text);
    const answered = owner.waitForResponse(/\/api\/fn\/workspaces\/set_sign_in/);
    await save.click();
    expect((await answered).status(), wrong).toBe(422);
    await expect(addresses).toHaveAttribute('aria-invalid', 'true');
    await expect(addresses).toHaveValue(text);
  }
  await a11y(owner);

  await owner.reload();
  await expect(addresses).toHaveValue(`${party.callback}\n${party.shown}`);
  await expect(section.getByLabel('Sign-out address')).toHaveValue(party.backchannel);
  await owner.goto(party.login);
  expect((await party.letIn(owner)).claims.sub).toBe(reeve.initial!.user_id);
});
