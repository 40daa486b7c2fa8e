// What the tests of server and fleet in one process share: options, a soak of both, what must hold.
#pragma once

#include <doctest/doctest.h>

#include <chrono>
#include <memory>
#include <string>
#include <thread>

#include "fleet/fleet.h"
#include "io/registry.h"
#include "layout/layout.h"
#include "server/self_test.h"
#include "server/server.h"

namespace oversoak::test {

using fleet::FleetError;
using fleet::FleetFigures;
using fleet::FleetOptions;
using metrics::ServerError;
using server::ServerFigures;
using server::ServerOptions;

inline constexpr std::chrono::milliseconds kLook{5};
inline constexpr std::chrono::seconds kPatience{120};
inline constexpr double kDrainSeconds = 60;

// As in game.ts: three contents with a little work, between which players move often.
inline game::Game three_contents() {
  game::Game game;
  game.contents = {
      {"lobby", {{1, 5}}, 0, {{1, 0.15}, {2, 0.15}}},
      {"pvp", {{1, 10}}, 0, {{0, 0.3}}},
      {"dungeon", {{1, 5}}, 0, {{0, 0.2}, {1, 0.1}}},
  };
  game.container_lock = game::LockKind::sharded;
  return game;
}

inline ServerOptions server_of(const io::NotifierKind& notifier, const layout::LayoutKind& layout) {
  ServerOptions options;
  options.notifier = notifier;
  options.layout = layout;
  options.host = "127.0.0.1";
  options.game = three_contents();
  options.io_threads = 2;
  if (layout.name == "hetero") options.threads_per_content = 1;
  if (layout.name == "hetero-channels") options.threads_per_content = 2;
  return options;
}

inline FleetOptions closed_loop(std::size_t sessions) {
  FleetOptions options;
  options.host = "127.0.0.1";
  options.sessions = sessions;
  options.threads = 2;
  options.ramp_up_seconds = 0.1;
  options.max_frame_bytes = 1024;
  options.pacing = fleet::Pacing::closed;
  options.over_send = 4;
  options.loop_delay_ms = 1;
  // Under a sanitizer nothing is quick.
  options.echo_timeout_ms = 60'000;
  options.connect_timeout_ms = 60'000;
  return options;
}

template <typename Condition>
void until(Condition condition) {
  const auto give_up = std::chrono::steady_clock::now() + kPatience;
  while (!condition()) {
    REQUIRE(std::chrono::steady_clock::now() < give_up);
    std::this_thread::sleep_for(kLook);
  }
}

struct Figures {
  ServerFigures server;
  FleetFigures fleet;
};

// Until the figures are enough; the final, exact ones.
template <typename Enough>
Figures soak(const ServerOptions& server_options, FleetOptions fleet_options, Enough enough) {
  server::Server server(server_options);
  fleet_options.port = server.port();
  fleet::Fleet fleet(fleet_options);
  until([&] { return enough(Figures{server.figures(), fleet.figures()}); });
  fleet.stop(kDrainSeconds);
  until([&] {
    const ServerFigures figures = server.figures();
    return figures.accepted == figures.closed;
  });
  server.stop();
  return {server.figures(), fleet.figures()};
}

inline auto after_sending(std::uint64_t messages) {
  return [=](const Figures& figures) { return figures.fleet.sent >= messages; };
}

// What holds however the sessions ended.
inline void check_accounts(const Figures& figures) {
  const auto& [server, fleet] = figures;
  CHECK(fleet.sent == fleet.echoed + fleet.in_flight + fleet.lost_on_close);
  CHECK(fleet.in_flight == 0);
  CHECK(fleet.live == 0);
  CHECK(server.accepted == server.closed);
  CHECK(server.accepted == fleet.connects);
  CHECK(server.players.joins == server.accepted);
  CHECK(server.players.leaves == server.accepted);
  CHECK(server.frames_received == server.frames_echoed + server.frames_discarded);
  for (std::size_t i = 0; i < fleet.errors.by_class.size(); ++i) {
    CAPTURE(fleet::kFleetErrorNames[i]);
    CHECK(fleet.errors.by_class[i] == 0);
  }
  for (std::size_t i = 0; i < server.errors.by_class.size(); ++i) {
    // What the fleet does on purpose.
    if (static_cast<ServerError>(i) == ServerError::peer_reset) continue;
    CAPTURE(metrics::kServerErrorNames[i]);
    CHECK(server.errors.by_class[i] == 0);
  }
}

// What holds as well where nothing was reset.
inline void check_flawless(const Figures& figures) {
  check_accounts(figures);
  const auto& [server, fleet] = figures;
  CHECK(fleet.lost_on_close == 0);
  CHECK(fleet.sent == fleet.echoed);
  CHECK(server.frames_received == fleet.sent);
  CHECK(server.frames_echoed == fleet.sent);
  CHECK(server.bytes_sent == fleet.bytes_received);
  CHECK(server.bytes_received == fleet.bytes_sent);
  CHECK(server.errors[ServerError::peer_reset] == 0);
}

// Containers often forbid io_uring. Every other notifier has to work.
inline bool is_forbidden(const io::NotifierKind& notifier) {
  if (notifier.name != "io-uring") return false;
  const auto problem = server::self_test(notifier);
  return problem && problem->starts_with("io_uring_setup failed");
}

template <typename Test>
void for_each_pair(Test test) {
  for (const io::NotifierKind& notifier : io::all_notifiers()) {
    if (is_forbidden(notifier)) continue;
    for (const layout::LayoutKind& layout : layout::all_layouts()) {
      CAPTURE(std::string(notifier.name));
      CAPTURE(std::string(layout.name));
      test(server_of(notifier, layout));
    }
  }
}

}  // namespace oversoak::test
