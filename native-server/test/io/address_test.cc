#include "io/address.h"

#include <doctest/doctest.h>

#include "io/listener.h"
#include "io/sockets.h"

using namespace oversoak::io;

TEST_SUITE_BEGIN("address");

TEST_CASE("an address is one of IPv4 or IPv6, and its text has the port") {
  const auto v4 = Address::parse("10.0.0.7", 80);
  REQUIRE(v4);
  CHECK(v4->family() == AF_INET);
  CHECK(v4->port() == 80);
  CHECK(v4->text() == "10.0.0.7:80");
  const auto v6 = Address::parse("fd00:0:0:0::7", 65535);
  REQUIRE(v6);
  CHECK(v6->family() == AF_INET6);
  CHECK(v6->port() == 65535);
  CHECK(v6->text() == "[fd00::7]:65535");
  CHECK(v6->size() > v4->size());
  CHECK(Address(loopback(1)).text() == "127.0.0.1:1");
  CHECK(Address::any_of(AF_INET).text() == "0.0.0.0:0");
  CHECK(Address::any_of(AF_INET6).text() == "[::]:0");
  CHECK_FALSE(Address());
}

TEST_CASE("what is no address is refused, and no name is looked up") {
  for (const char* host : {"", "localhost", "10.0.0.256", "10.1", "[::1]", "fe80::1%lo", "::g"}) {
    CAPTURE(host);
    CHECK_FALSE(Address::parse(host, 80));
  }
}

TEST_CASE("a listener says who connected") {
  const Library library;
  Listener listener("127.0.0.1", 0, 1);
  const Socket socket = open_tcp_socket();
  REQUIRE_FALSE(connect_to(socket, Address(loopback(listener.port()))));
  const Accepted accepted = listener.accept();
  REQUIRE(accepted.socket != kNoSocket);
  CHECK(accepted.peer.text() == "127.0.0.1:" + std::to_string(local_port(socket)));
  close_socket(accepted.socket);
  close_socket(socket);
}

TEST_SUITE_END();
