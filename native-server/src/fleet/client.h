#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>

#include "fleet/dialect/conversation.h"
#include "fleet/dialect/dialect.h"
#include "fleet/due_message.h"
#include "fleet/load.h"
#include "fleet/options.h"
#include "fleet/pacer.h"
#include "fleet/read_pace.h"
#include "io/notifier.h"
#include "random.h"

namespace oversoak::fleet {

// One client of the fleet, with one connection after another. Owned by its fleet thread, which is
// the only one to access it, and lives as long as the thread; its socket is closed only when the
// connection has no outstanding operation.
struct Client : io::Channel {
  enum class State {
    idle,        // no socket; waits for its next connect
    connecting,  // the connect is outstanding
    login,       // connected; says what comes before its first message
    live,
    leaving,  // sends no more messages; has answers to come, or a logout to say
    ending,   // has sent its last byte and ended its side; takes echoes until the server ends its
              // own
    closing,  // given up; waits for the completions of what was cancelled
  };

  // Its connection is there, and neither side has given it up.
  bool is_open() const noexcept {
    return state == State::login || state == State::live || state == State::leaving ||
           state == State::ending;
  }
  // What it says is a script's.
  bool in_script() const noexcept { return state == State::login || state == State::leaving; }

  // Messages that may wait for the window; more are never sent.
  static constexpr std::size_t kLongestBacklog = 4096;

  Client(const FleetOptions& options, std::size_t number, const Dialect& dialect,
         std::uint64_t seed)
      : session(number),
        random(seed),
        pacer(options.pacing,
              1e9 * static_cast<double>(options.sessions) / options.rate_per_second),
        conversation(options.over_send, dialect.longest_message_bytes(),
                     dialect.longest_answer_bytes(), dialect.most_followed()) {
    conversation.session = options.first_session + number;
    const auto& slow = options.slow_readers;
    if (slow && slow->include(number, options.sessions)) read_pace.emplace(slow->bytes_per_second);
  }

  const std::uint64_t session;  // its number in the fleet
  State state = State::idle;
  Random random;
  Pacer pacer;
  Conversation conversation;
  std::optional<ReadPace> read_pace;  // of a slow reader
  std::deque<DueMessage> backlog;     // oldest first
  DueMessage latest{};                // of those that were due
  std::int64_t message_timer_ns = 0;  // open loop: of the next message; 0: none is set
  // Closed loop: the message before which the session pauses, by its number, and until when.
  std::optional<std::uint64_t> pauses_before{};
  std::int64_t pause_until_ns = 0;
  std::int64_t script_timer_ns = 0;  // of the end of a script's pause
  std::uint32_t connection = 0;      // counts up with each, so that stale timers are known
  std::int64_t reconnect_delay_ns = 0;
  std::int64_t connect_began_ns = 0;  // while connecting
  // When the fleet itself ended the connection (churn); 0: it did not.
  std::int64_t left_ns = 0;
  Unsent away = Unsent::connecting;   // while not live: why what is due cannot leave
  std::int64_t away_since_ns = 0;     // when it was to connect, or is to again
  bool echoed = false;                // an echo has come: the server has accepted the connection
  bool resets = false;                // the connection is to end by a reset
  bool ended_by_both = false;         // the server ended its side after the client had
  std::int64_t last_received_ns = 0;  // or when the connection began
  std::int64_t latest_took_ns = 0;    // from the send of a message to its echo, which came latest
  bool waits_to_read = false;         // a slow reader's timer is set
  bool was_live = false;              // counted as live
  bool dirty = false;                 // in the thread's list of clients to settle
};

}  // namespace oversoak::fleet
