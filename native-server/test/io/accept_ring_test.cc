#include "io/linux/accept_ring.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <memory>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "io/sockets.h"
#include "os/process.h"

using namespace oversoak::io;

namespace {

constexpr std::size_t kMany = 40;

// A listener with its ring. Containers often forbid io_uring: then there is none, and the test says
// so.
struct Ringed {
  Listener listener{"127.0.0.1", 0, 128};
  std::unique_ptr<AcceptRing> ring;

  Ringed() {
    try {
      ring = std::make_unique<AcceptRing>(listener.socket());
    } catch (const std::runtime_error& error) {
      MESSAGE("not tested here: " << error.what());
    }
  }
};

class Client {
 public:
  explicit Client(const Listener& listener) : socket_(open_tcp_socket()) {
    REQUIRE_FALSE(connect_to(socket_, Address(loopback(listener.port()))));
    set_receive_timeout(socket_, 20'000);
  }
  Client(Client&& other) noexcept : socket_(std::exchange(other.socket_, kNoSocket)) {}
  ~Client() {
    if (socket_ != kNoSocket) close_socket(socket_);
  }

  std::string name() const { return "127.0.0.1:" + std::to_string(local_port(socket_)); }
  void reset() { reset_on_close(socket_); }

  // Whether the server has ended the connection.
  bool is_over() const {
    std::array<std::byte, 1> byte;
    const Transfer end = receive_some(socket_, byte);
    return end.bytes == 0 && !end.error.would_block();
  }

 private:
  Socket socket_;
};

std::vector<Client> connect_many(const Listener& listener, std::size_t clients) {
  std::vector<Client> all;
  for (std::size_t i = 0; i < clients; ++i) all.emplace_back(listener);
  return all;
}

std::uint64_t open_files() { return oversoak::os::read_process_figures().handles.value(); }

// No file can be opened while one lives.
class NoFiles {
 public:
  NoFiles() {
    getrlimit(RLIMIT_NOFILE, &before_);
    const int lowest_free = dup(STDERR_FILENO);
    close(lowest_free);
    const rlimit none{static_cast<rlim_t>(lowest_free), before_.rlim_max};
    REQUIRE(setrlimit(RLIMIT_NOFILE, &none) == 0);
  }
  ~NoFiles() { setrlimit(RLIMIT_NOFILE, &before_); }

 private:
  rlimit before_{};
};

}  // namespace

TEST_SUITE_BEGIN("accept ring");

TEST_CASE("every connection is accepted once, with its peer, and is not passed on to a child") {
  const Ringed its;
  if (!its.ring) return;
  const std::vector<Client> clients = connect_many(its.listener, kMany);
  std::set<std::string> peers;
  for (std::size_t i = 0; i < kMany; ++i) {
    const Accepted accepted = its.ring->accept();
    REQUIRE(accepted.socket != kNoSocket);
    CHECK_FALSE(accepted.error);
    CHECK((fcntl(accepted.socket, F_GETFD) & FD_CLOEXEC) != 0);
    peers.insert(accepted.peer.text());
    close_socket(accepted.socket);
  }
  CHECK(peers.size() == kMany);
  for (const Client& client : clients) CHECK(peers.contains(client.name()));
}

TEST_CASE("closing the listener ends the accept that waits, and each that follows") {
  Ringed its;
  if (!its.ring) return;
  Accepted last;
  Accepted after;
  std::thread thread([&] {
    close_socket(its.ring->accept().socket);
    last = its.ring->accept();
    after = its.ring->accept();
  });
  const Client client(its.listener);
  REQUIRE(client.is_over());  // so the second accept is under way, or about to be
  its.listener.close();
  thread.join();
  for (const Accepted& accepted : {last, after}) {
    CHECK(accepted.socket == kNoSocket);
    CHECK(accepted.error == Error(EINVAL));  // as that of a blocking accept
  }
}

TEST_CASE("what was accepted before the close is returned, and then nothing") {
  Ringed its;
  if (!its.ring) return;
  const std::vector<Client> clients = connect_many(its.listener, kMany);
  close_socket(its.ring->accept().socket);
  its.listener.close();
  std::size_t taken = 1;
  for (;;) {
    const Accepted accepted = its.ring->accept();
    if (accepted.socket == kNoSocket) break;
    close_socket(accepted.socket);
    ++taken;
  }
  CHECK(taken == kMany);
  for (const Client& client : clients) CHECK(client.is_over());
}

TEST_CASE("a ring that ends leaves no socket open") {
  const std::uint64_t before = open_files();
  {
    Ringed its;
    if (!its.ring) return;
    const std::vector<Client> clients = connect_many(its.listener, kMany);
    close_socket(its.ring->accept().socket);  // the others are accepted and not taken
    const std::uint64_t with_them = open_files();
    CHECK(with_them >= before + 2 * kMany - 1);
    its.ring.reset();
    for (const Client& client : clients) CHECK(client.is_over());
  }
  CHECK(open_files() == before);
}

TEST_CASE(
    "without a descriptor an accept fails with the system's reason, and a later one succeeds") {
  Ringed its;
  if (!its.ring) return;
  const std::vector<Client> clients = connect_many(its.listener, 3);
  {
    const NoFiles none;
    for (int i = 0; i < 3; ++i) {
      const Accepted refused = its.ring->accept();
      CHECK(refused.socket == kNoSocket);
      CHECK(refused.error == Error(EMFILE));
    }
  }
  for (std::size_t i = 0; i < clients.size(); ++i) {
    const Accepted accepted = its.ring->accept();
    REQUIRE(accepted.socket != kNoSocket);
    CHECK(accepted.peer.text() == clients[i].name());
    close_socket(accepted.socket);
  }
}

TEST_CASE("a connection that was reset before it is taken is returned, without its peer") {
  Ringed its;
  if (!its.ring) return;
  std::vector<Client> clients = connect_many(its.listener, 2);
  close_socket(its.ring->accept().socket);
  clients[1].reset();
  clients.pop_back();
  const Accepted accepted = its.ring->accept();
  REQUIRE(accepted.socket != kNoSocket);
  CHECK_FALSE(accepted.peer);
  std::array<std::byte, 1> byte;
  CHECK(receive_some(accepted.socket, byte).error.is_reset());
  close_socket(accepted.socket);
}

TEST_SUITE_END();
