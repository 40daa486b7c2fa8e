// Sessions whose server answers one message after another, in simulated time: what the fleet's own
// standstill leaves behind is the fleet's, and what the server is too slow for is the server's.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstring>
#include <deque>
#include <limits>
#include <memory>
#include <numeric>
#include <optional>
#include <vector>

#include "fleet/due_message.h"
#include "fleet/exchange.h"

using namespace oversoak;
using namespace oversoak::fleet;

namespace {

constexpr std::int64_t kMillisecond_ns = 1'000'000;
constexpr std::int64_t kSecond_ns = 1000 * kMillisecond_ns;
constexpr std::int64_t kNever_ns = std::numeric_limits<std::int64_t>::max();

// When the fleet's thread does not run: so many times, so often.
struct Pauses {
  std::int64_t from_ns = 0;
  std::int64_t length_ns = 0;
  int times = 1;
  std::int64_t every_ns = kSecond_ns;
};

// Sessions that share a server, which answers one message after another. Each has one in flight.
struct Sessions {
  static constexpr std::int64_t kMeasuredFrom_ns = 5 * kSecond_ns;

  // `per_second`: of each. `drain_ns`: the fleet waits for so long for its last echoes.
  Sessions(int count, double per_second, std::int64_t service_ns, Pauses pauses,
           std::optional<std::int64_t> drain_ns = std::nullopt,
           std::optional<double> echo_timeout_ms = std::nullopt)
      : options(with_rate(per_second)),
        echo_timeout_ms(echo_timeout_ms),
        exchange(options, random, figures, measurement, timers),
        service_ns(service_ns),
        pauses(pauses) {
    for (int i = 0; i < count; ++i) {
      clients.push_back(std::make_unique<Client>(options, i, exchange.dialect(), 7 + i));
      Client& client = *clients.back();
      exchange.schedule(client, i * kSecond_ns / count);
      exchange.begin(client, 0);
      client.state = Client::State::live;
      exchange.go_live(client, 0);
    }
    const std::int64_t end_ns = measurement.span().end_ns + drain_ns.value_or(0);
    if (drain_ns) exchange.ends_at(end_ns);
    while (!queue.empty() || !timers.empty()) {
      step();
      if (drain_ns && now_ns >= end_ns) break;
    }
    for (const auto& client : clients) exchange.drained(*client, now_ns);
  }
  Sessions(double per_second, std::int64_t service_ns, Pauses pauses)
      : Sessions(1, per_second, service_ns, pauses) {}

  static FleetOptions with_rate(double per_second) {
    FleetOptions options;
    options.protocol = wire::Protocol::echo8;
    options.rate_per_second = per_second;
    return options;
  }

  // To the next timer or answer, whichever is first; behind the pause where it falls into that.
  void step() {
    const std::int64_t timer_ns = timers.empty() ? kNever_ns : timers.top().due_ns;
    const std::int64_t answer_ns = queue.empty() ? kNever_ns : queue.front().answer_at_ns;
    now_ns = std::max(now_ns, std::min(timer_ns, answer_ns));
    for (int time = 0; time < pauses.times; ++time) {
      const std::int64_t from_ns = pauses.from_ns + time * pauses.every_ns;
      if (now_ns < from_ns || now_ns >= from_ns + pauses.length_ns) continue;
      now_ns = from_ns + pauses.length_ns;
      measurement.stood_still(from_ns, now_ns);
    }
    measurement.in_flight(now_ns, figures.in_flight.load());
    while (!queue.empty() && queue.front().answer_at_ns <= now_ns) answer();
    if (echo_timeout_ms) expire(static_cast<std::int64_t>(*echo_timeout_ms * kMillisecond_ns));
    while (!timers.empty() && timers.top().due_ns <= now_ns) {
      const Timer timer = timers.top();
      timers.pop();
      exchange.message_due(*timer.client, timer.due_ns, now_ns);
      send(*timer.client);
    }
  }

  void expire(std::int64_t allowed_ns) {
    const std::int64_t before_ns = measurement.overdue_before_ns(now_ns, allowed_ns);
    for (const auto& client : clients) exchange.expire_overdue(*client, before_ns, now_ns);
  }

  void send(Client& client) {
    wire::Outbox& outbox = client.conversation.outbox;
    if (!outbox.has_next()) return;
    const auto message = outbox.next();
    std::memcpy(client.conversation.inbox.room().data(), message.data(), message.size());
    busy_until_ns = std::max(busy_until_ns, now_ns) + service_ns;
    queue.push_back({&client, message.size(), busy_until_ns});
    outbox.sent();
  }

  void answer() {
    const InService next = queue.front();
    queue.pop_front();
    next.client->conversation.inbox.commit(next.length);
    exchange.take_echoes(*next.client, now_ns);
    send(*next.client);
  }

  std::uint64_t timed() const { return total(measurement.latency_intended()); }
  std::uint64_t timed_above(std::int64_t latency_ns) const {
    metrics::HistogramCounts counts(metrics::kHistogramBuckets);
    measurement.latency_intended().add_to(counts);
    const auto from = static_cast<std::ptrdiff_t>(metrics::histogram_index(latency_ns)) + 1;
    return std::accumulate(counts.begin() + from, counts.end(), std::uint64_t{0});
  }
  static std::uint64_t total(const metrics::Histogram& histogram) {
    metrics::HistogramCounts counts(metrics::kHistogramBuckets);
    histogram.add_to(counts);
    return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
  }

  struct InService {
    Client* client;
    std::size_t length;
    std::int64_t answer_at_ns;
  };

  std::uint64_t not_received() const {
    return figures.errors.load()[FleetError::not_received_in_time];
  }

  const FleetOptions options;
  const std::optional<double> echo_timeout_ms;
  Random random{3};
  ThreadFigures figures;
  Measurement measurement{{kMeasuredFrom_ns, kMeasuredFrom_ns + 15 * kSecond_ns, 0}};
  Timers timers;
  Exchange exchange;
  std::vector<std::unique_ptr<Client>> clients;
  const std::int64_t service_ns;
  const Pauses pauses;
  std::int64_t now_ns = 0;
  std::int64_t busy_until_ns = 0;
  std::deque<InService> queue;
};

}  // namespace

TEST_SUITE_BEGIN("carried lag");

TEST_CASE("messages that wait have the standstills since none waited") {
  constexpr std::int64_t kStood_ns = 700 * kMillisecond_ns;
  constexpr std::int64_t kLag_ns = 300 * kMillisecond_ns;  // of which this is the latest part
  const DueMessage late = DueMessage{1000, kLag_ns}.after({}, false, kStood_ns);
  const DueMessage next = DueMessage{2000, 0}.after(late, true, kStood_ns);
  CHECK(DueMessage{3000, 0}.after(next, false, kStood_ns).stood_before_ns == kStood_ns);

  SUBCASE("it may have waited less") {
    const std::int64_t left_ns = 2000 + 80 * kMillisecond_ns;
    const DueMessage left = next.waited_until(left_ns, kStood_ns);
    CHECK(left.own_lag_ns == 80 * kMillisecond_ns);
    CHECK(left.is_late_alone(left_ns));
  }
  SUBCASE("what it waits for longer is the server's") {
    const std::int64_t left_ns = 2000 + 500 * kMillisecond_ns;
    const DueMessage left = next.waited_until(left_ns, kStood_ns);
    CHECK(left.own_lag_ns == kLag_ns);
    CHECK(!left.is_late_alone(left_ns));
  }
  SUBCASE("they add up, however short each is") {
    const std::int64_t left_ns = 2000 + kSecond_ns;
    CHECK(next.waited_until(left_ns, kStood_ns + 43 * kMillisecond_ns).own_lag_ns ==
          kLag_ns + 43 * kMillisecond_ns);
  }
  SUBCASE("a short one is passed on as well") {
    const DueMessage soon = DueMessage{1000, 20 * kMillisecond_ns}.after({}, false, kStood_ns);
    const DueMessage behind = DueMessage{2000, 0}.after(soon, true, kStood_ns);
    CHECK(behind.waited_until(2000 + kSecond_ns, kStood_ns).own_lag_ns == 20 * kMillisecond_ns);
  }
}

TEST_CASE("a standstill of the fleet before the measurement leaves nothing to it") {
  // 25/s of the 40/s that its server can answer: a backlog of 1.5 s takes 2.5 s.
  const Sessions session(25, 25 * kMillisecond_ns,
                         {3400 * kMillisecond_ns, 1500 * kMillisecond_ns});
  const auto& load = session.measurement.load();
  CHECK(load.due.load() == doctest::Approx(375).epsilon(0.01));
  CHECK(load.sent.load() == load.due.load());
  CHECK(load.late.load() == 0);
  CHECK(load.disturbed.load() <= 2);
  CHECK(session.timed_above(60 * kMillisecond_ns) == 0);
}

TEST_CASE("what waits behind a standstill of the fleet in the measurement is in no latency") {
  const Sessions session(25, 25 * kMillisecond_ns, {8 * kSecond_ns, 1500 * kMillisecond_ns});
  const auto& load = session.measurement.load();
  CHECK(load.sent.load() == load.due.load());
  // Late by the fleet: 1.5 s, and most of the 2.5 s until nothing waits any more.
  CHECK(load.late.load() >= 37);
  CHECK(load.late.load() <= 100);
  CHECK(load.after_end.load() == 0);
  CHECK(load.disturbed.load() >= load.late.load());
  CHECK(session.timed() + load.disturbed.load() == load.echoed.load());
  CHECK(session.timed_above(60 * kMillisecond_ns) == 0);
}

TEST_CASE("many short standstills of the fleet are its fault as a long one is") {
  // 37/s of the 40/s that its server can answer.
  const Sessions session(37, 25 * kMillisecond_ns,
                         {8 * kSecond_ns, 43 * kMillisecond_ns, 25, 200 * kMillisecond_ns});
  const auto& load = session.measurement.load();
  CHECK(load.late.load() > load.due.load() / 10);
  CHECK(load.after_end.load() == 0);
  CHECK(session.timed_above(120 * kMillisecond_ns) == 0);
}

TEST_CASE(
    "a standstill too short for a late message is the fleet's where it goes on in a session") {
  // 37/s of the 40/s that its server can answer.
  const Sessions session(37, 25 * kMillisecond_ns, {8 * kSecond_ns, 45 * kMillisecond_ns});
  const auto& load = session.measurement.load();
  CHECK(load.late.load() == 0);
  CHECK(load.held.load() > 10);
  CHECK(session.timed_above(40 * kMillisecond_ns) <= 1);
}

TEST_CASE("a short standstill of the fleet does not excuse a server that is too slow") {
  // 40/s of the 25/s that it can answer: the last messages wait for seconds.
  const Sessions session(40, 40 * kMillisecond_ns, {8 * kSecond_ns, 120 * kMillisecond_ns});
  const auto& load = session.measurement.load();
  CHECK(load.late.load() <= 10);
  CHECK(load.held.load() > 300);
  CHECK(load.disturbed.load() < load.echoed.load() / 10);
  CHECK(session.timed_above(4 * kSecond_ns) > 100);
}

TEST_CASE("what waits at the server behind what the fleet sent at once is in no latency") {
  // 400/s of the 440/s that the server can answer: it makes up for 150 ms in 1.5 s.
  constexpr std::int64_t kService_ns = kSecond_ns / 440;
  constexpr std::int64_t kStood_ns = 150 * kMillisecond_ns;
  const Sessions sessions(400, 1, kService_ns, {8 * kSecond_ns, kStood_ns});
  const auto& load = sessions.measurement.load();
  CHECK(load.sent.load() == load.due.load());
  CHECK(load.echoed.load() == load.due.load());
  CHECK(load.late.load() < load.due.load() / 100);
  CHECK(load.disturbed.load() > 400);
  CHECK(load.disturbed.load() < 800);
  // Their phases are random: 25 ms pass without a standstill as well, and what is usual is not
  // felt.
  CHECK(sessions.timed_above(50 * kMillisecond_ns) == 0);
  CHECK(sessions.timed() + load.disturbed.load() == load.echoed.load());
}

TEST_CASE("a server that is too slow for all sessions is so behind a standstill as well") {
  constexpr std::int64_t kService_ns = kSecond_ns / 380;  // for 400/s
  const Sessions sessions(400, 1, kService_ns, {8 * kSecond_ns, 150 * kMillisecond_ns});
  const auto& load = sessions.measurement.load();
  CHECK(load.echoed.load() == load.due.load());
  CHECK(load.disturbed.load() < load.echoed.load() / 4);
  CHECK(sessions.timed_above(500 * kMillisecond_ns) > load.echoed.load() / 3);
}

TEST_CASE("a server that is too slow is so whatever short standstills there are") {
  constexpr std::int64_t kService_ns = kSecond_ns / 380;
  const Sessions sessions(400, 1, kService_ns,
                          {6 * kSecond_ns, 6 * kMillisecond_ns, 130, 100 * kMillisecond_ns});
  const auto& load = sessions.measurement.load();
  CHECK(load.disturbed.load() < load.echoed.load() / 4);
  CHECK(sessions.timed_above(400 * kMillisecond_ns) > load.echoed.load() / 3);
}

TEST_CASE("what a server that is too slow has no time for in the drain is not sent to it") {
  // 50 sessions, 10/s each, of the 250/s that the server can answer: each echo takes 0.2 s.
  const Sessions sessions(50, 10, 4 * kMillisecond_ns, {}, 2 * kSecond_ns);
  CHECK(sessions.not_received() == 0);
  // It goes on until then: 20 s, and 2 s without the last 0.4 s.
  CHECK(sessions.figures.sent.load() == doctest::Approx(21.6 * 250).epsilon(0.01));
}

TEST_CASE("an echo that waits behind a standstill of the fleet has as much more time") {
  // 320/s of the 400/s that the server can answer: it makes up for 400 ms in 1.6 s.
  constexpr std::int64_t kService_ns = kSecond_ns / 400;
  const Pauses pause{8 * kSecond_ns, 400 * kMillisecond_ns};
  CHECK(Sessions(320, 1, kService_ns, pause, std::nullopt, 150).not_received() == 0);
  CHECK(Sessions(320, 1, kService_ns, {}, std::nullopt, 150).not_received() == 0);
  // One that is too slow by itself is so behind a standstill as well.
  CHECK(Sessions(320, 1, kSecond_ns / 280, pause, std::nullopt, 150).not_received() > 2000);
}

TEST_SUITE_END();
