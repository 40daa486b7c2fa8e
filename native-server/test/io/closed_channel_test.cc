#include <doctest/doctest.h>
#include <sys/socket.h>

#include <array>
#include <memory>
#include <string>

#include "io/registry.h"
#include "io/sockets.h"
#include "server/soak.h"

using namespace oversoak;
using namespace oversoak::io;

TEST_SUITE_BEGIN("notifiers");

// A receive of a ring goes on after its completion, and holds the connection open.
TEST_CASE("a connection whose channel is closed ends at the next wait, at the latest") {
  for (const NotifierKind& kind : all_notifiers()) {
    CAPTURE(std::string(kind.name));
    if (test::is_forbidden(kind)) continue;
    const std::unique_ptr<Notifier> notifier = kind.make({});
    std::array<int, 2> pair{};
    REQUIRE(socketpair(AF_UNIX, SOCK_STREAM, 0, pair.data()) == 0);
    set_receive_timeout(pair[1], 20'000);
    Channel channel;
    channel.socket = pair[0];
    REQUIRE_FALSE(make_non_blocking(channel.socket));
    REQUIRE_FALSE(notifier->open(channel));
    std::array<std::byte, 8> into{};
    REQUIRE_FALSE(notifier->receive(channel, into));
    notifier->wait(Notifier::kNow);  // the receive is under way before there are bytes
    REQUIRE(send_some(pair[1], std::array<std::byte, 3>{}).bytes == 3);
    test::until([&] {
      notifier->wait(Notifier::kNow);
      return !channel.receive.outstanding;
    });

    notifier->close(channel);
    close_socket(channel.socket);
    notifier->wait(Notifier::kNow);
    const Transfer end = receive_some(pair[1], into);
    CHECK(end.bytes == 0);
    CHECK_FALSE(end.error);
    close_socket(pair[1]);
  }
}

TEST_SUITE_END();
