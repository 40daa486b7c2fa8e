#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "fleet/client.h"
#include "fleet/dialect/dialect.h"
#include "fleet/measurement.h"
#include "fleet/options.h"
#include "fleet/thread_figures.h"
#include "fleet/timers.h"
#include "random.h"

namespace oversoak::fleet {

// What goes out and comes in, and the counting of it. It does no IO: messages go into the clients'
// outboxes, echoes are in their inboxes. Where a function answers false, the connection cannot go
// on. Thread: the fleet thread that has it.
//
// Open loop: a session owes its messages from the moment at which it was to connect, whether or not
// it is connected, so what is due does not depend on the server or on the fleet. Timers are set for
// live sessions alone: what the others owe is counted from time to time (`count_away`). Closed
// loop: a message is due when it is sent.
class Exchange {
 public:
  Exchange(const FleetOptions& options, Random& random, ThreadFigures& figures,
           Measurement& measurement, Timers& timers);

  const Dialect& dialect() const noexcept { return *dialect_; }

  // The client is to connect at `start_ns`: from then on its messages are due.
  void schedule(Client& client, std::int64_t start_ns);

  // Of a client that is not live: what was due until now had no session. To be called before the
  // reason for that changes, and now and then.
  void count_away(Client& client, std::int64_t now_ns);

  // The client has a new connection.
  void begin(Client& client, std::int64_t now_ns);

  bool message_due(Client& client, std::int64_t due_ns, std::int64_t now_ns);
  bool take_echoes(Client& client, std::int64_t now_ns);

  // Counts the echoes that have not come in time.
  bool expire_overdue(Client& client, std::int64_t now_ns);

  // No message becomes due any more. What waits for its window still leaves.
  void end_schedule() noexcept { scheduling_ = false; }
  // Of one client, after that: what was due and was never looked at.
  bool settle_schedule(Client& client, std::int64_t now_ns);

  // The connection is over, at `ended_ns` as far as its messages are concerned: what waits never
  // leaves, and what has not come never comes. `drained`: because the whole fleet ends.
  void connection_over(Client& client, std::int64_t ended_ns, bool drained);

  // Messages that wait for their windows.
  std::size_t waiting() const noexcept { return waiting_; }

 private:
  bool take_echo(Client& client, const Heard& heard, std::int64_t now_ns);
  bool open_loop_due(Client& client, std::int64_t due_ns, std::int64_t now_ns);
  void set_next_timer(Client& client);
  bool send_or_hold(Client& client, Client::Due message, std::int64_t now_ns);
  bool send_waiting(Client& client, std::int64_t now_ns);
  bool send_message(Client& client, Client::Due message, std::int64_t now_ns, Departure departure);
  bool is_churn(const Client& client, std::int64_t due_ns) const;
  Unsent away_cause(const Client& client, std::int64_t due_ns) const;
  void never_sent(const Client& client, Client::Due message, std::int64_t now_ns);
  void set_message_timer(Client& client, std::int64_t due_ns);

  const FleetOptions& options_;
  std::unique_ptr<Dialect> dialect_;
  ThreadFigures& figures_;
  Measurement& measurement_;
  Timers& timers_;
  std::size_t waiting_ = 0;
  bool scheduling_ = true;
};

}  // namespace oversoak::fleet
