// Drives the Application API with the published Node client; prints what its typed answers hold.
// Called by test_node.py as: node walk.mjs BASE_URL ADMIN_KEY YESTERDAY TODAY
import { TrophyApiClient } from "@trophyso/node";

const [base, apiKey, yesterday, today] = process.argv.slice(2);
const client = new TrophyApiClient({ apiKey, environment: { api: `${base}/v1`, admin: `${base}/admin/v1` } });
const options = { maxRetries: 0 };
const seen = {};

async function refused(promise) {
  try {
    await promise;
    return null;
  } catch (error) {
    return { status: error.statusCode, error: error.body?.error };
  }
}

const user = { id: "ada", email: "ada@example.com", tz: "Europe/London", attributes: { plan: "pro" } };
const lesson = { user, value: 750.5, attributes: { source: "web" }, idempotencyKey: "lesson-1" };
seen.event = await client.metrics.event("words", lesson, options);
seen.replay = await client.metrics.event("words", lesson, options);
seen.unknownMetric = await refused(client.metrics.event("letters", { user, value: 1 }, options));
seen.unknownAttribute = await refused(
  client.metrics.event("words", { user, value: 1, attributes: { colour: "red" } }, options),
);
seen.complete = await client.achievements.complete("onboarded", { user: { id: "ada" } }, options);
seen.completeAgain = await client.achievements.complete("onboarded", { user: { id: "ada" } }, options);
seen.all = await client.achievements.all({}, options);
seen.earned = await client.users.achievements("ada", {}, options);
seen.listed = await client.users.achievements("ada", { includeIncomplete: "true" }, options);
seen.created = await client.users.create({ id: "ben", name: "Ben", tz: "Asia/Kathmandu" }, options);
seen.updated = await client.users.update("ben", { attributes: { plan: "free" } }, options);
seen.identified = await client.users.identify("cleo", { name: "Cleo" }, options);
seen.got = await client.users.get("ben", options);
seen.unknownUser = await refused(client.users.update("dora", { name: "Dora" }, options));
seen.metrics = await client.users.allMetrics("ada", options);
seen.metric = await client.users.singleMetric("ada", "words", options);
seen.summary = await client.users.metricEventSummary(
  "ada",
  "words",
  { aggregation: "daily", startDate: yesterday, endDate: today },
  options,
);
seen.streak = await client.users.streak("ada", { historyPeriods: 2 }, options);
seen.streaks = await client.streaks.list({ userIds: ["ben", "ada"] }, options);
const days = { aggregation: "daily", startDate: yesterday, endDate: today };
seen.points = await client.users.points("ada", "xp", { awards: 5 }, options);
seen.pointsDays = await client.users.pointsEventSummary("ada", "xp", days, options);
seen.pointsSystem = await client.points.system("xp", options);
seen.pointsRanges = await client.points.summary("xp", {}, options);
seen.unknownPoints = await refused(client.points.system("gold", options));
seen.boards = await client.leaderboards.all(options);
seen.board = await client.leaderboards.get("top", { limit: 2 }, options);
seen.place = await client.users.leaderboard("ada", "top", {}, options);
seen.unknownBoard = await refused(client.leaderboards.get("bottom", {}, options));
seen.preferences = await client.users.getPreferences("ada", options);
const quiet = { notifications: { streakReminder: [], recap: ["email"] } };
seen.changed = await client.users.updatePreferences("ada", quiet, options);
seen.wrapped = await client.users.wrapped("ada", { year: Number(today.slice(0, 4)) }, options);
process.stdout.write(JSON.stringify(seen));
