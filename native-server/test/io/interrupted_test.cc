#include <doctest/doctest.h>
#include <pthread.h>
#include <signal.h>
#include <sys/socket.h>

#include <array>
#include <atomic>
#include <chrono>
#include <thread>

#include "io/sockets.h"

using namespace oversoak;

namespace {

std::atomic<int> interruptions{0};

void count_interruption(int) { ++interruptions; }

}  // namespace

TEST_SUITE_BEGIN("sockets");

TEST_CASE("a blocking receive with a time-out goes on when it is interrupted") {
  struct sigaction counting = {};
  counting.sa_handler = count_interruption;  // and the call is not restarted by the system
  struct sigaction before = {};
  sigaction(SIGUSR1, &counting, &before);
  std::array<int, 2> pair{};
  REQUIRE(socketpair(AF_UNIX, SOCK_STREAM, 0, pair.data()) == 0);
  io::set_receive_timeout(pair[0], 60'000);

  io::Transfer received;
  std::array<std::byte, 8> into{};
  std::atomic<bool> ended{false};
  std::thread receiving([&] {
    received = io::receive_some(pair[0], into);
    ended = true;
  });
  // Some of them come before the call, so until there were a few.
  for (int i = 0; i < 20; ++i) {
    pthread_kill(receiving.native_handle(), SIGUSR1);
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  CHECK(interruptions > 0);
  CHECK(!ended);
  const std::array<std::byte, 3> bytes{};
  CHECK(io::send_some(pair[1], bytes).bytes == bytes.size());
  receiving.join();
  CHECK(!received.error);
  CHECK(received.bytes == bytes.size());
  for (const int socket : pair) io::close_socket(socket);
  sigaction(SIGUSR1, &before, nullptr);
}

TEST_SUITE_END();
