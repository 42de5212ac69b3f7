// A portal of its own for each test, in JavaScript: node --test. `book` is the code under test.
import { after, before, test } from "node:test";
import assert from "node:assert";
import { spawn } from "node:child_process";

const base = "http://127.0.0.1:8099";
let portal;

before(async () => {
  portal = spawn("portal-mock", ["serve", "--port", "8099"], { stdio: "ignore" });
  for (let tries = 0; tries < 100; tries++) {
    if (await fetch(`${base}/_portal/health`).then((answer) => answer.ok, () => false)) return;
    await new Promise((wake) => setTimeout(wake, 100));
  }
  throw new Error("the stub portal did not start");
});
after(() => portal.kill());

test("the client books", async () => {
  const own = `${base}/t/books`; // a portal of this test's own
  await book(own, "example-0001"); // the code under test
  const kept = await (await fetch(`${own}/_portal/records/Appointments`)).json();
  assert.equal(kept.total, 1);
  await fetch(`${base}/_portal/tenants/books`, { method: "DELETE" });
});
