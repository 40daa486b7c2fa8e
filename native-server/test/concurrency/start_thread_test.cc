#include "concurrency/start_thread.h"

#include <doctest/doctest.h>

#include <atomic>
#include <memory>
#include <stdexcept>

using oversoak::concurrency::start_thread;

TEST_SUITE_BEGIN("start thread");

// Under ThreadSanitizer this also shows that nothing of the start outlives the caller's frame.
TEST_CASE("when the start returns, the results of the preparation are visible") {
  for (int i = 0; i < 500; ++i) {
    std::unique_ptr<int> made;
    std::atomic<bool> ran{false};
    std::thread thread =
        start_thread([&made] { made = std::make_unique<int>(7); }, [&ran] { ran = true; });
    REQUIRE(made != nullptr);
    CHECK(*made == 7);
    thread.join();
    CHECK(ran);
  }
}

TEST_CASE("an exception of the preparation is rethrown by the start, and the thread has ended") {
  std::atomic<bool> ran{false};
  CHECK_THROWS_WITH_AS(
      start_thread([] { throw std::runtime_error("no timer"); }, [&ran] { ran = true; }),
      "no timer", std::runtime_error);
  CHECK(!ran);
}

TEST_SUITE_END();
