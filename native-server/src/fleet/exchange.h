#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "fleet/client.h"
#include "fleet/dialect/dialect.h"
#include "fleet/figures.h"
#include "fleet/options.h"
#include "fleet/timers.h"
#include "random.h"

namespace oversoak::fleet {

// What goes out and comes in on live connections, and the counting of it. It does no IO: messages
// go into the clients' outboxes, echoes are in their inboxes. Where a function answers false, the
// connection cannot go on. Thread: the fleet thread that has it.
class Exchange {
 public:
  Exchange(const FleetOptions& options, Random& random, ThreadFigures& figures, Timers& timers);

  std::size_t longest_message_bytes() const noexcept { return dialect_->longest_message_bytes(); }

  // The client has a new connection: sets the timers of its first messages.
  void begin(Client& client, std::int64_t now_ns);

  // From now on nothing is sent.
  void finish_sending() noexcept { sending_ = false; }

  bool message_due(Client& client, std::int64_t due_ns, std::int64_t now_ns);
  bool take_echoes(Client& client, std::int64_t now_ns);

  // Counts the echoes that have not come in time.
  bool expire_overdue(Client& client, std::int64_t now_ns);

 private:
  bool take_echo(Client& client, const Heard& heard, std::int64_t now_ns);
  void count_latency(const Client& client, const Heard& heard, std::int64_t now_ns);
  bool send_waiting(Client& client, std::int64_t now_ns);
  bool send_message(Client& client, std::int64_t intended_ns, std::int64_t now_ns);
  void set_message_timer(Client& client, std::int64_t due_ns);

  const FleetOptions& options_;
  std::unique_ptr<Dialect> dialect_;
  ThreadFigures& figures_;
  Timers& timers_;
  bool sending_ = true;
};

}  // namespace oversoak::fleet
