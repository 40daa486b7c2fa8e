// Server and fleet in this process, over every notifier of the platform and every layout: the real
// IO of the core under the sanitizers.
#include <doctest/doctest.h>

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "fleet/framed/programs.h"
#include "io/sockets.h"
#include "os/process.h"
#include "server/soak.h"

using namespace oversoak;
using namespace oversoak::test;

TEST_SUITE("server and fleet") {
  TEST_CASE("every notifier passes its self-test") {
    for (const io::NotifierKind& notifier : io::all_notifiers()) {
      CAPTURE(std::string(notifier.name));
      if (is_forbidden(notifier)) {
        MESSAGE("not tested here: " << *server::self_test(notifier));
        continue;
      }
      CHECK(server::self_test(notifier).value_or("works") == "works");
    }
  }

  TEST_CASE("every echo comes back, once, in order, unaltered") {
    for_each_pair([](const ServerOptions& server) {
      const Figures figures = soak(server, closed_loop(30), after_sending(5000));
      check_flawless(figures);
      CHECK(figures.server.moves > 0);
    });
  }

  TEST_CASE("half duplex") {
    for_each_pair([](ServerOptions server) {
      server.duplex = server::Duplex::half;
      check_flawless(soak(server, closed_loop(20), after_sending(3000)));
    });
  }

  TEST_CASE("churn: sessions end and begin again, and nothing is lost") {
    for_each_pair([](const ServerOptions& server) {
      FleetOptions fleet = closed_loop(30);
      fleet.disconnects_per_second = 300;
      check_flawless(soak(server, fleet, [](const Figures& figures) {
        return figures.fleet.disconnects >= 60 && figures.fleet.sent >= 3000;
      }));
    });
  }

  TEST_CASE("small in and large out, large in and small out, with churn") {
    for_each_pair([](const ServerOptions& options) {
      for (const bool large_out : {true, false}) {
        CAPTURE(large_out);
        ServerOptions server = options;
        server.max_frame_bytes = 16'384;
        server.send_queue_bytes = 16 * 16'384;
        FleetOptions fleet = closed_loop(20);
        fleet.max_frame_bytes = large_out ? 100 : 16'384;
        fleet.answers = fleet::SizeMix(
            large_out ? std::vector<fleet::SizeMix::Part>{{0.8, {64, 512}}, {0.2, {8000, 16'384}}}
                      : std::vector<fleet::SizeMix::Part>{{1, {64, 64}}});
        fleet.disconnects_per_second = 100;
        const Figures figures = soak(server, fleet, [](const Figures& now) {
          return now.fleet.disconnects >= 20 && now.fleet.sent >= 2000;
        });
        check_flawless(figures);
        CHECK((figures.server.bytes_sent > figures.server.bytes_received) == large_out);
      }
    });
  }

  TEST_CASE("a described protocol, with churn") {
    for_each_pair([](ServerOptions server) {
      server.protocol = wire::Protocol::echo8;
      FleetOptions fleet = closed_loop(30);
      fleet.program = std::make_shared<const fleet::framed::Program>(test::described_echo8());
      fleet.disconnects_per_second = 300;
      check_flawless(soak(server, fleet, [](const Figures& figures) {
        return figures.fleet.disconnects >= 60 && figures.fleet.sent >= 3000;
      }));
    });
  }

  TEST_CASE("resets: what was in flight is lost, and the accounts balance") {
    for_each_pair([](const ServerOptions& server) {
      FleetOptions fleet = closed_loop(30);
      fleet.over_send = 32;
      fleet.loop_delay_ms = 0;
      fleet.disconnects_per_second = 300;
      fleet.abortive_share = 0.7;
      const Figures figures = soak(server, fleet, [](const Figures& now) {
        return now.fleet.aborts >= 60 && now.fleet.lost_on_close > 0;
      });
      check_accounts(figures);
      CHECK(figures.server.errors[ServerError::peer_reset] <= figures.fleet.aborts);
    });
  }

  // More is in flight to a reader than the sockets hold, so sends pend and echoes queue.
  TEST_CASE("slow readers with long messages") {
    for_each_pair([](ServerOptions server) {
      server.max_frame_bytes = 16'384;
      server.send_queue_bytes = 16 * 1024 * 1024;
      FleetOptions fleet = closed_loop(2);
      fleet.min_frame_bytes = 16'000;
      fleet.max_frame_bytes = 16'384;
      fleet.over_send = 512;
      fleet.slow_readers = fleet::SlowReaders{0.5, 100'000};
      check_flawless(soak(server, fleet,
                          [](const Figures& figures) { return figures.server.sends.pending > 0; }));
    });
  }

  // Closing comes before the completions: the server goes while messages are on every way.
  TEST_CASE("a server that stops under load leaves nothing behind") {
    for_each_pair([](const ServerOptions& options) {
      server::Server server(options);
      FleetOptions load = closed_loop(30);
      load.port = server.port();
      load.loop_delay_ms = 0;
      load.over_send = 16;
      fleet::Fleet fleet(load);
      until([&] { return fleet.figures().echoed > 1000; });
      server.stop();
      const ServerFigures figures = server.figures();
      CHECK(figures.accepted == figures.closed);
      CHECK(figures.players.live == 0);
      until([&] { return fleet.figures().live == 0; });  // while the server's object lives
      fleet.stop(0);
      const FleetFigures ended = fleet.figures();
      CHECK(ended.sent == ended.echoed + ended.in_flight + ended.lost_on_close);
    });
  }

  TEST_CASE("a server that stops while clients connect leaves no socket open") {
    for (const io::NotifierKind& notifier : io::all_notifiers()) {
      if (is_forbidden(notifier)) continue;
      CAPTURE(std::string(notifier.name));
      const auto open_files = [] { return os::read_process_figures().handles.value(); };
      const std::uint64_t before = open_files();
      {
        server::Server server(server_of(notifier, *layout::find_layout("homo")));
        std::atomic<bool> enough{false};
        std::vector<std::thread> clients;
        for (int i = 0; i < 2; ++i) {
          clients.emplace_back([&, address = io::Address(io::loopback(server.port()))] {
            std::vector<io::Socket> sockets;
            while (!enough.load() && sockets.size() < 500) {
              sockets.push_back(io::open_tcp_socket());
              if (io::connect_to(sockets.back(), address)) break;  // the server has stopped
            }
            for (const io::Socket socket : sockets) io::close_socket(socket);
          });
        }
        until([&] { return server.figures().accepted >= 50; });
        server.stop();
        enough.store(true);
        for (std::thread& client : clients) client.join();
        const ServerFigures figures = server.figures();
        CHECK(figures.accepted == figures.closed);
        CHECK(figures.errors[ServerError::accept_failed] == 0);
      }
      CHECK(open_files() == before);
    }
  }
}
