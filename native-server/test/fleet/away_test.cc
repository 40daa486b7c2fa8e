// Messages that are due while their session is not live.
#include <doctest/doctest.h>

#include "fleet/exchange.h"

using namespace oversoak;
using namespace oversoak::fleet;

namespace {

constexpr std::int64_t kMillisecond_ns = 1'000'000;
constexpr std::int64_t kSecond_ns = 1000 * kMillisecond_ns;

// 100 messages a second, all of them measured; its session is to connect after a second.
struct Away {
  Away() { exchange.schedule(client, kSecond_ns); }

  static FleetOptions make_options() {
    FleetOptions options;
    options.protocol = wire::Protocol::echo8;
    options.rate_per_second = 100;
    return options;
  }

  int unsent(Unsent cause) {
    return static_cast<int>(measurement.load().unsent[static_cast<std::size_t>(cause)].load());
  }

  const FleetOptions options = make_options();
  Random random{3};
  ThreadFigures figures;
  Measurement measurement{MeasurementSpan{0, 100 * kSecond_ns, 0}};
  Timers timers;
  Exchange exchange{options, random, figures, measurement, timers};
  Client client{options, 0, exchange.dialect(), 7};
};

}  // namespace

TEST_SUITE_BEGIN("away");

TEST_CASE("a session that the server keeps waiting has no session, until it is live") {
  Away session;
  for (int i = 1; i <= 30; ++i) {
    session.exchange.count_away(session.client, kSecond_ns + i * 50 * kMillisecond_ns);
  }
  session.exchange.count_away(session.client, 2700 * kMillisecond_ns, true);
  CHECK(session.unsent(Unsent::connecting) == doctest::Approx(170).epsilon(0.02));
  CHECK(session.unsent(Unsent::fleet) == 0);
}

TEST_CASE("what a standstill of the fleet adds to that is the fleet's") {
  Away session;
  // It connects only after the standstill, and is live 300 ms later.
  session.measurement.stood_still(500 * kMillisecond_ns, 3 * kSecond_ns);
  for (int i = 0; i <= 5; ++i) {
    session.exchange.count_away(session.client, 3 * kSecond_ns + i * 50 * kMillisecond_ns);
  }
  session.exchange.count_away(session.client, 3300 * kMillisecond_ns, true);
  CHECK(session.unsent(Unsent::connecting) == doctest::Approx(30).epsilon(0.05));
  CHECK(session.unsent(Unsent::fleet) == doctest::Approx(200).epsilon(0.02));
}

TEST_CASE("a session that never gets live counts as kept waiting, but for the standstill") {
  Away session;
  session.measurement.stood_still(5 * kSecond_ns, 6 * kSecond_ns);
  session.exchange.count_away(session.client, 6 * kSecond_ns);
  CHECK(session.unsent(Unsent::connecting) == doctest::Approx(400).epsilon(0.01));
  session.exchange.settle_schedule(session.client, 11 * kSecond_ns);
  CHECK(session.unsent(Unsent::connecting) == doctest::Approx(900).epsilon(0.01));
  CHECK(session.unsent(Unsent::fleet) == doctest::Approx(100).epsilon(0.02));
}

TEST_CASE("a standstill before a session is to connect again delays nothing") {
  Away session;
  session.exchange.count_away(session.client, kSecond_ns, true);
  // The server ended it, and it is live again 50 ms after it was to connect.
  session.client.away = Unsent::lost;
  session.client.away_since_ns = 2 * kSecond_ns;
  session.measurement.stood_still(1200 * kMillisecond_ns, 1400 * kMillisecond_ns);
  session.exchange.count_away(session.client, 2050 * kMillisecond_ns, true);
  CHECK(session.unsent(Unsent::lost) == doctest::Approx(105).epsilon(0.02));
  CHECK(session.unsent(Unsent::fleet) == 0);
}

TEST_SUITE_END();
