#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <unordered_map>

#include "fleet/client.h"
#include "fleet/dialect/dialect.h"
#include "fleet/due_message.h"
#include "fleet/measurement.h"
#include "fleet/options.h"
#include "fleet/thread_figures.h"
#include "fleet/timers.h"
#include "fleet/zone_spread.h"
#include "random.h"

namespace oversoak::fleet {

// The clients' messages and echoes, and their counts. It does no IO: it writes messages to the
// clients' outboxes and reads echoes from their inboxes. A function that returns false has found
// that the connection must be closed. Thread: the fleet thread that owns it.
//
// Open loop: a session's messages are due from its planned connect on, connected or not, so the
// offered load depends neither on the server nor on the fleet. Only live sessions have timers; the
// due messages of the others are counted from time to time (`count_away`). Closed loop: a message
// is due when it is sent.
class Exchange {
 public:
  Exchange(const FleetOptions& options, Random& random, ThreadFigures& figures,
           Measurement& measurement, Timers& timers);

  const Dialect& dialect() const noexcept { return *dialect_; }

  // The client is to connect at `start_ns`: from then on its messages are due.
  void schedule(Client& client, std::int64_t start_ns);

  // Counts the messages of a client that is not live and that were due until now, by the reason why
  // it has no session. Called before that reason changes, and regularly. Of a session that the
  // server keeps from being live, the fleet's standstills delay the end: what is due at last, for
  // so long, is the fleet's. It is counted when that end is there (`is_over`).
  void count_away(Client& client, std::int64_t now_ns, bool is_over = false);

  // The client has a new connection.
  void begin(Client& client, std::int64_t now_ns);

  // Whether sessions say something before they end, or have to wait for their answers.
  bool has_script() const noexcept { return dialect_->has_script(); }
  // Whether a session has to say something before its end now.
  bool has_logout(const Client& client, bool drained) const noexcept {
    return dialect_->has_script() &&
           !(drained && dialect_->logout_waits() && client.conversation.window.outstanding() > 0);
  }
  // Goes on with the login or the logout of a client in one of these states.
  ScriptTurn continue_script(Client& client, std::int64_t now_ns);

  // The client is live: its messages may leave.
  void go_live(Client& client, std::int64_t now_ns);

  bool message_due(Client& client, std::int64_t due_ns, std::int64_t now_ns);
  bool take_echoes(Client& client, std::int64_t now_ns);

  // Counts the echoes that have not come in time: of what was sent before `before_ns`.
  bool expire_overdue(Client& client, std::int64_t before_ns, std::int64_t now_ns);

  // The drain is over, and the client's side ends: what it still waits for has not come in time,
  // also if the server answers that end.
  void drained(Client& client, std::int64_t now_ns);

  // The server has ended its side after the client has: it may leave nothing behind its messages.
  void ended_by_both(Client& client, std::int64_t now_ns);

  // What a connection leaves behind that the server ends: the bytes of a message that has not come
  // as a whole, and the oldest message that waits for its answer.
  Mismatch unfinished(const Client& client, const char* what) const;

  // No further message becomes due. Messages that wait for their window are still sent.
  void end_schedule() noexcept { scheduling_ = false; }
  // Echoes are waited for until then: what could not be answered by then is sent no more.
  void ends_at(std::int64_t end_ns) noexcept { end_ns_ = end_ns; }
  // Of one client, after that: what was due and was never looked at.
  bool settle_schedule(Client& client, std::int64_t now_ns);

  // The connection has ended, for its messages at `ended_ns`: those that wait count as unsent,
  // those in flight as unanswered. `drained`: because the whole fleet ends.
  void connection_over(Client& client, std::int64_t ended_ns, bool drained);

  // At the end: nothing more comes from any zone.
  void finish_zones();

  // Messages that wait for their windows.
  std::size_t waiting() const noexcept { return waiting_; }

 private:
  // With the numbers by which evidence names messages.
  Mismatch named(const Client& client, Mismatch found) const;
  bool take_error(Client& client, const Received& received, std::int64_t now_ns);
  void note_spread(const ZoneSpread::Spread& spread);
  bool take_delivery(Client& client, const Received& received, std::int64_t now_ns);
  void take_tick(Client& client, const Received& received, std::int64_t now_ns);
  void note_number(Client& client, const Received& received, std::int64_t now_ns);
  void count_missing(const Client& client, std::uint64_t missing, std::int64_t now_ns);
  bool take_echo(Client& client, const Received& received, std::int64_t now_ns);
  bool closed_loop_due(Client& client, std::int64_t now_ns);
  bool open_loop_due(Client& client, std::int64_t due_ns, std::int64_t now_ns);
  void set_next_timer(Client& client);
  bool send_or_hold(Client& client, DueMessage message, std::int64_t now_ns);
  bool send_waiting(Client& client, std::int64_t now_ns);
  bool may_be_answered(const Client& client, std::int64_t now_ns) const noexcept;
  bool send_message(Client& client, DueMessage message, std::int64_t now_ns, Departure departure);
  std::int64_t stamped_due_ns(const Client& client, const DueMessage& message,
                              std::int64_t now_ns) const;
  void count_expired(const Client& client, const Window::Expired& expired, const char* what,
                     std::int64_t now_ns);
  void never_live(Client& client, std::int64_t until_ns, std::optional<Unsent> cause);
  bool is_churn(const Client& client, std::int64_t due_ns) const;
  bool is_excused(const Client& client, std::int64_t now_ns) const;
  Unsent away_cause(const Client& client, std::int64_t due_ns) const;
  void never_sent(const Client& client, DueMessage message, std::int64_t now_ns);
  void set_message_timer(Client& client, std::int64_t due_ns);

  const FleetOptions& options_;
  std::unique_ptr<Dialect> dialect_;
  ThreadFigures& figures_;
  Measurement& measurement_;
  Timers& timers_;
  std::unordered_map<std::uint32_t, ZoneSpread> spreads_;  // by zone
  std::size_t waiting_ = 0;
  bool scheduling_ = true;
  std::int64_t end_ns_ = std::numeric_limits<std::int64_t>::max();
};

}  // namespace oversoak::fleet
