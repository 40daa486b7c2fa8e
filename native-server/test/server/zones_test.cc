// Zone broadcasts over every notifier of the platform and every layout: each delivery of each zone
// comes to each member exactly once, in order, and what the server leaves out it says.
#include <doctest/doctest.h>

#include <array>
#include <numeric>

#include "os/clock.h"
#include "server/soak.h"

using namespace oversoak;
using namespace oversoak::test;
using server::ZonePolicy;

namespace {

constexpr std::array kDeliveryErrors{FleetError::delivery_missing, FleetError::delivery_duplicate,
                                     FleetError::delivery_out_of_order,
                                     FleetError::delivery_after_leave};

ServerOptions zones_of(ServerOptions options, ZonePolicy policy = ZonePolicy::drop) {
  options.zones = server::ZoneOptions{policy};
  options.send_queue_bytes = 4 * 1024 * 1024;
  return options;
}

FleetOptions in_zones(std::size_t sessions, std::uint64_t size) {
  FleetOptions options = closed_loop(sessions);
  options.zones = fleet::Zones{size};
  options.max_frame_bytes = 200;
  return options;
}

// The server ticks, and the fleet knows it.
constexpr std::size_t kTickBytes = 150;

ServerOptions ticking(ServerOptions options, double per_second = 200) {
  options.game.zone_ticks = {per_second, kTickBytes};
  return options;
}

FleetOptions hearing(FleetOptions options, std::size_t tick_bytes = kTickBytes) {
  options.zones->tick_bytes = tick_bytes;
  return options;
}

std::uint64_t total(const metrics::HistogramCounts& counts) {
  return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
}

// Each tick came to each member, and what is told of it agrees.
void check_ticks(const Figures& figures) {
  const auto& [server, fleet] = figures;
  CHECK(server.zones.ticks > 0);
  CHECK(total(server.tick_lateness) == server.zones.ticks);
  CHECK(server.zones.copies == fleet.zones.deliveries + server.zones.replaced);
  CHECK(fleet.measured.server_clock == fleet::ServerClock::shared);
  CHECK(total(fleet.measured.latency_tick) == fleet.measured.ticks);
  CHECK(fleet.measured.ticks + fleet.measured.ticks_untimed == fleet.zones.ticks);
  CHECK(fleet.measured.deliveries + fleet.measured.deliveries_untimed + fleet.zones.ticks ==
        fleet.zones.deliveries);
}

auto after_ticks(std::uint64_t ticks) {
  return [=](const Figures& figures) { return figures.fleet.zones.ticks >= ticks; };
}

// Everything that the server queued came, and all that was left out was said.
void check_zones(const Figures& figures) {
  const auto& [server, fleet] = figures;
  CHECK(server.zones.joins == server.zones.leaves);
  CHECK(server.zones.live == 0);
  CHECK(server.zones.joins == fleet.zones.joins);
  CHECK(server.zones.leaves == fleet.zones.leaves);
  CHECK(fleet.zones.joins == fleet.connects);
  CHECK(server.zones.broadcasts == fleet.sent);
  CHECK(fleet.zones.own == fleet.echoed);
  CHECK(fleet.sent == fleet.echoed);
  CHECK(server.zones.copies == fleet.zones.deliveries + server.zones.replaced);
  CHECK(server.frames_received == fleet.sent + fleet.zones.joins + fleet.zones.leaves);
  CHECK(server.frames_received == server.frames_echoed);
}

void check_flawless_zones(const Figures& figures) {
  check_accounts(figures);
  check_zones(figures);
  const auto& [server, fleet] = figures;
  CHECK(server.bytes_sent == fleet.bytes_received);
  CHECK(server.zones.dropped + server.zones.replaced == fleet.zones.skipped);
}

auto after_deliveries(std::uint64_t deliveries) {
  return [=](const Figures& figures) { return figures.fleet.zones.deliveries >= deliveries; };
}

struct PlantedFault {
  void (*plant)(server::ZoneFaultSettings&);
  FleetError error;
};

constexpr std::array kPlantedFaults{
    PlantedFault{[](auto& fault) { fault.drop_every = 100; }, FleetError::delivery_missing},
    PlantedFault{[](auto& fault) { fault.duplicate_every = 100; }, FleetError::delivery_duplicate},
    PlantedFault{[](auto& fault) { fault.swap_every = 100; }, FleetError::delivery_out_of_order},
    PlantedFault{[](auto& fault) { fault.after_leave_every = 3; },
                 FleetError::delivery_after_leave},
};

void check_caught(ServerOptions server, const FleetOptions& fleet, const PlantedFault& planted) {
  CAPTURE(std::string(fleet::kFleetErrorNames[static_cast<std::size_t>(planted.error)]));
  planted.plant(server.fault.zones);
  const Figures figures = soak(server, fleet, [&](const Figures& now) {
    return now.fleet.errors[planted.error] >= 10 && now.fleet.zones.deliveries >= 5000;
  });
  for (std::size_t i = 0; i < figures.fleet.errors.by_class.size(); ++i) {
    CAPTURE(std::string(fleet::kFleetErrorNames[i]));
    CHECK((figures.fleet.errors.by_class[i] > 0) == (static_cast<FleetError>(i) == planted.error));
  }
}

}  // namespace

TEST_SUITE("zones") {
  TEST_CASE("a fleet has the whole zone only if all its numbers are the fleet's") {
    constexpr fleet::Zones kZones{20};
    CHECK(kZones.is_whole(25, 20, 50));
    CHECK(kZones.is_whole(59, 20, 50));
    CHECK_FALSE(kZones.is_whole(60, 20, 50));
    CHECK_FALSE(kZones.is_whole(25, 21, 50));
    CHECK(kZones.is_whole(60, 20, 60));
  }

  TEST_CASE("each member gets each delivery of its zone once, in order") {
    for_each_pair([](const ServerOptions& options) {
      for (const std::uint64_t size : {2, 50, 500}) {
        CAPTURE(size);
        const std::size_t sessions = size == 500 ? 500 : 100;
        FleetOptions fleet = in_zones(sessions, size);
        fleet.loop_delay_ms = size == 500 ? 200 : 1;
        fleet.over_send = 2;
        const Figures figures = soak(zones_of(options), fleet, after_deliveries(100 * sessions));
        check_flawless_zones(figures);
        CHECK(figures.server.moves > 0);
        CHECK(figures.server.zones.dropped == 0);
        CHECK(figures.server.zones.copies > figures.server.zones.broadcasts);
      }
    });
  }

  TEST_CASE("joins and leaves meanwhile") {
    for_each_pair([](const ServerOptions& options) {
      FleetOptions fleet = in_zones(60, 20);
      fleet.disconnects_per_second = 300;
      check_flawless_zones(soak(zones_of(options), fleet, [](const Figures& now) {
        return now.fleet.disconnects >= 100 && now.fleet.zones.deliveries >= 20'000;
      }));
    });
  }

  TEST_CASE("a share of the messages goes to the zone, the others are echoed") {
    for_each_pair([](const ServerOptions& options) {
      FleetOptions fleet = in_zones(60, 20);
      fleet.zones->share = 0.3;
      fleet.disconnects_per_second = 100;
      const Figures figures = soak(zones_of(options), fleet, after_deliveries(50'000));
      check_accounts(figures);
      const auto& [server, sessions] = figures;
      CHECK(sessions.sent == sessions.echoed);
      CHECK(server.zones.broadcasts == sessions.zones.own);
      CHECK(server.zones.broadcasts > sessions.sent / 5);
      CHECK(server.zones.broadcasts < sessions.sent * 2 / 5);
      CHECK(server.zones.copies == sessions.zones.deliveries);
      CHECK(server.frames_received == sessions.sent + sessions.zones.joins + sessions.zones.leaves);
    });
  }

  TEST_CASE("each delivery has its latency, where the fleet has the whole zone") {
    std::uint64_t timed = 0;
    std::uint64_t last_members = 0;
    for_each_pair([&](const ServerOptions& options) {
      FleetOptions fleet = in_zones(50, 20);
      fleet.first_session = 20;
      // Of three zones the last one is not whole.
      const Figures figures = soak(zones_of(options), fleet, [](const Figures& now) {
        return now.fleet.zones.deliveries >= 20'000 && now.fleet.measured.deliveries_untimed > 0;
      });
      check_flawless_zones(figures);
      const auto& measured = figures.fleet.measured;
      CHECK(measured.deliveries + measured.deliveries_untimed == figures.fleet.zones.deliveries);
      CHECK(total(measured.latency_delivery) == measured.deliveries);
      CHECK(total(measured.latency_last_member) <= measured.deliveries);
      timed += measured.deliveries;
      last_members += total(measured.latency_last_member);
    });
    // A busy machine can disturb all of some pair, but not all of all.
    CHECK(timed > 0);
    CHECK(last_members > 0);
  }

  TEST_CASE("resets: what was not cut off is exact") {
    for_each_pair([](const ServerOptions& options) {
      FleetOptions fleet = in_zones(60, 20);
      fleet.over_send = 8;
      fleet.loop_delay_ms = 0;
      fleet.disconnects_per_second = 300;
      fleet.abortive_share = 0.7;
      const Figures figures = soak(zones_of(options), fleet, [](const Figures& now) {
        return now.fleet.aborts >= 60 && now.fleet.zones.deliveries >= 20'000;
      });
      check_accounts(figures);
      CHECK(figures.server.zones.live == 0);
    });
  }

  TEST_CASE("slow readers: what a policy leaves out is counted and said") {
    for (const ZonePolicy policy : {ZonePolicy::drop, ZonePolicy::newest}) {
      for_each_pair([policy](const ServerOptions& options) {
        CAPTURE(static_cast<int>(policy));
        ServerOptions server = zones_of(options, policy);
        server.send_queue_bytes = 32'768;
        FleetOptions fleet = in_zones(10, 10);
        fleet.min_frame_bytes = 3000;
        fleet.max_frame_bytes = 4000;
        fleet.slow_readers = fleet::SlowReaders{0.1, 200'000};
        const Figures figures = soak(server, fleet, [](const Figures& now) {
          return now.server.zones.dropped + now.server.zones.replaced >= 200;
        });
        check_flawless_zones(figures);
        CHECK(figures.server.zones.closed == 0);
        CHECK((figures.server.zones.replaced > 0) == (policy == ZonePolicy::newest));
        CHECK((figures.server.zones.dropped > 0) == (policy == ZonePolicy::drop));
        CHECK(figures.server.zones.backlog_max_bytes <= 2 * server.send_queue_bytes);
      });
    }
  }

  TEST_CASE("slow readers: the policy that closes") {
    for_each_pair([](const ServerOptions& options) {
      ServerOptions server = zones_of(options, ZonePolicy::close);
      server.send_queue_bytes = 32'768;
      FleetOptions fleet = in_zones(10, 10);
      fleet.min_frame_bytes = 3000;
      fleet.max_frame_bytes = 4000;
      fleet.slow_readers = fleet::SlowReaders{0.1, 200'000};
      const Figures figures =
          soak(server, fleet, [](const Figures& now) { return now.server.zones.closed >= 2; });
      CHECK(figures.server.zones.closed == figures.server.errors[ServerError::send_overflow]);
      CHECK(figures.server.zones.dropped == 0);
      CHECK(figures.server.zones.replaced == 0);
      CHECK(figures.fleet.errors[FleetError::disconnected_by_server] >= 2);
      for (const FleetError error : kDeliveryErrors) CHECK(figures.fleet.errors[error] == 0);
    });
  }

  TEST_CASE("one payload for all members, whatever waits for them") {
    for_each_pair([](const ServerOptions& options) {
      FleetOptions fleet = in_zones(50, 50);
      fleet.threads = 1;
      const Figures figures = soak(zones_of(options), fleet, after_deliveries(100'000));
      check_flawless_zones(figures);
      // Each session has 4 broadcasts in flight at most, and one request of its zone.
      CHECK(figures.server.zones.messages_made < figures.server.zones.copies / 50);
    });
  }

  TEST_CASE("ticks come to each member once, in the order of the zone's broadcasts") {
    for_each_pair([](const ServerOptions& options) {
      for (const double share : {0.3, 0.0}) {
        CAPTURE(share);
        FleetOptions fleet = hearing(in_zones(60, 20));
        fleet.zones->share = share;
        fleet.disconnects_per_second = 100;
        const Figures figures = soak(ticking(zones_of(options)), fleet, after_ticks(800));
        check_accounts(figures);
        check_ticks(figures);
        const auto& [server, sessions] = figures;
        CHECK(sessions.sent == sessions.echoed);
        CHECK(server.zones.broadcasts == sessions.zones.own);
        CHECK((server.zones.broadcasts > 0) == (share > 0));
        CHECK(server.bytes_sent == sessions.bytes_received);
        CHECK(server.zones.dropped + server.zones.replaced == 0);
        CHECK(sessions.zones.skipped == 0);
        CHECK((sessions.zones.ticks < sessions.zones.deliveries) == (share > 0));
      }
    });
  }

  TEST_CASE("a zone has no more ticks than its time, those that were skipped included") {
    for_each_pair([](const ServerOptions& options) {
      constexpr double kPerSecond = 50;
      const std::int64_t from_ns = os::now_ns();
      std::uint64_t due = 0;
      double seconds = 0;
      FleetOptions fleet = hearing(in_zones(20, 20));
      soak(ticking(zones_of(options), kPerSecond), fleet, [&](const Figures& now) {
        due = now.server.zones.ticks + now.server.zones.ticks_skipped;
        seconds = static_cast<double>(os::now_ns() - from_ns) * 1e-9;
        return due >= 20;
      });
      CHECK(static_cast<double>(due) <= seconds * kPerSecond);
    });
  }

  TEST_CASE("slow readers: the policy that closes, where nothing but ticks goes to the zones") {
    for_each_pair([](const ServerOptions& options) {
      constexpr std::size_t kLong = 8000;
      ServerOptions server = zones_of(options, ZonePolicy::close);
      server.game.zone_ticks = {500, kLong};
      server.send_queue_bytes = 32'768;
      FleetOptions fleet = hearing(in_zones(10, 10), kLong);
      fleet.zones->share = 0;
      fleet.slow_readers = fleet::SlowReaders{0.1, 200'000};
      const Figures figures =
          soak(server, fleet, [](const Figures& now) { return now.server.zones.closed >= 2; });
      CHECK(figures.server.zones.closed == figures.server.errors[ServerError::send_overflow]);
      CHECK(figures.server.zones.dropped + figures.server.zones.replaced == 0);
      CHECK(figures.fleet.errors[FleetError::disconnected_by_server] >= 2);
      CHECK(figures.fleet.zones.skipped == 0);
      for (const FleetError error : kDeliveryErrors) CHECK(figures.fleet.errors[error] == 0);
    });
  }

  TEST_CASE("slow readers: what a policy leaves out of the ticks is counted and said") {
    for (const ZonePolicy policy : {ZonePolicy::drop, ZonePolicy::newest}) {
      for_each_pair([policy](const ServerOptions& options) {
        CAPTURE(static_cast<int>(policy));
        constexpr std::size_t kLong = 8000;
        ServerOptions server = zones_of(options, policy);
        server.game.zone_ticks = {500, kLong};
        server.send_queue_bytes = 32'768;
        FleetOptions fleet = hearing(in_zones(10, 10), kLong);
        fleet.zones->share = 0;
        fleet.slow_readers = fleet::SlowReaders{0.1, 200'000};
        const Figures figures = soak(server, fleet, [](const Figures& now) {
          return now.server.zones.dropped + now.server.zones.replaced >= 40;
        });
        check_accounts(figures);
        check_ticks(figures);
        const auto& zones = figures.server.zones;
        CHECK(zones.dropped + zones.replaced == figures.fleet.zones.skipped);
        CHECK((zones.replaced > 0) == (policy == ZonePolicy::newest));
        CHECK((zones.dropped > 0) == (policy == ZonePolicy::drop));
        CHECK(figures.fleet.measured.ticks_untimed > 0);
      });
    }
  }

  TEST_CASE("planted faults, each caught as what it is and as nothing else") {
    for_each_pair([](const ServerOptions& options) {
      for (const PlantedFault& planted : kPlantedFaults) {
        FleetOptions fleet = in_zones(20, 10);
        fleet.disconnects_per_second = 100;
        check_caught(zones_of(options), fleet, planted);
      }
    });
  }

  TEST_CASE("the same where nothing but ticks goes to the zones") {
    for_each_pair([](const ServerOptions& options) {
      for (const PlantedFault& planted : kPlantedFaults) {
        FleetOptions fleet = hearing(in_zones(20, 10));
        fleet.zones->share = 0;
        fleet.disconnects_per_second = 100;
        check_caught(ticking(zones_of(options), 500), fleet, planted);
      }
    });
  }

  TEST_CASE("a server that stops under load leaves nothing behind") {
    for_each_pair([](const ServerOptions& options) {
      server::Server server(ticking(zones_of(options), 1000));
      FleetOptions load = hearing(in_zones(60, 20));
      load.port = server.port();
      load.loop_delay_ms = 0;
      load.over_send = 8;
      fleet::Fleet fleet(load);
      until([&] { return fleet.figures().zones.deliveries > 20'000; });
      server.stop();
      const ServerFigures figures = server.figures();
      CHECK(figures.accepted == figures.closed);
      CHECK(figures.players.live == 0);
      CHECK(figures.zones.live == 0);
      fleet.stop(0);
      for (const FleetError error : kDeliveryErrors) CHECK(fleet.figures().errors[error] == 0);
    });
  }
}
