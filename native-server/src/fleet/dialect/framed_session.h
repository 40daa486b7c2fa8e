#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "fleet/dialect/mismatch.h"
#include "fleet/dialect/ring.h"
#include "fleet/framed/program.h"

namespace oversoak::fleet {

// One connection of a framed protocol.
struct FramedSession {
  enum class Phase : std::uint8_t { login, live, logout };

  // A request that was sent.
  struct Made {
    std::uint32_t request = 0;  // its number in the program
    std::uint32_t had = 0;      // messages of its answer that have come
    std::uint64_t time_us = 0;
  };

  void begin(std::int64_t now_ns, std::size_t max_requests) {
    made.resize(max_requests);
    made_since = 0;
    began_ns = now_ns;
    phase = Phase::login;
    next_step = 0;
    script_sent = 0;
    script_answer = nullptr;
    pause_until_ns.reset();
  }

  // Room for as many requests as the window follows.
  void follow(std::uint64_t oldest, std::uint64_t next, std::size_t max_requests) {
    if (made.size() >= max_requests) return;
    grow_ring(made, oldest, next, max_requests);
    made_since = oldest;
  }

  Made& made_of(std::uint64_t message) noexcept { return made[message & (made.size() - 1)]; }
  const Made& made_of(std::uint64_t message) const noexcept {
    return made[message & (made.size() - 1)];
  }

  std::vector<Made> made;        // a ring of the window's capacity
  std::uint64_t made_since = 0;  // none before this one is in it
  std::int64_t began_ns = 0;
  Phase phase = Phase::login;
  // Of the login or the logout.
  std::size_t next_step = 0;
  std::uint64_t script_sent = 0;  // messages
  // What the step before the next one waits for; null: for nothing.
  const std::vector<framed::Expected>* script_answer = nullptr;
  std::size_t script_had = 0;
  framed::Values script_values{};
  std::optional<std::int64_t> pause_until_ns{};
  Mismatch reported{};  // the latest answer that reports an error
};

}  // namespace oversoak::fleet
