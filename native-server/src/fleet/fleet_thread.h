#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <span>
#include <thread>
#include <vector>

#include "fleet/churn.h"
#include "fleet/client.h"
#include "fleet/connector.h"
#include "fleet/exchange.h"
#include "fleet/measurement.h"
#include "fleet/options.h"
#include "fleet/stall_watch.h"
#include "fleet/thread_figures.h"
#include "fleet/timers.h"
#include "io/notifier.h"
#include "os/process.h"

namespace oversoak::fleet {

// A thread with its share of the clients. Its IO is the same whatever the server runs, so that only
// the server varies.
class FleetThread {
 public:
  // The clients `first`, `first + step`, ... of the fleet, or those of its zones in this way.
  // Starts at once.
  FleetThread(const FleetOptions& options, const io::Address& server, std::size_t first,
              std::size_t step, std::int64_t start_ns, FleetInFlight& in_flight);
  // Only after stop() and join().
  ~FleetThread();

  // Any thread.
  void finish_sending();
  // Ends when no echo is missing or at `drain_until_ns` (os::now_ns), whichever is first.
  void stop(std::int64_t drain_until_ns);
  void join();

  const ThreadFigures& figures() const noexcept { return figures_; }
  const Measurement& measurement() const noexcept { return measurement_; }
  // Once, after join().
  std::vector<MeasuredWindow> take_windows() { return measurement_.take_windows(); }
  void take_slowest(std::vector<SlowEcho>& echoes) { figures_.slow_echoes.take(echoes); }
  void copy_first_errors(std::vector<ErrorEvidence>& all) const {
    figures_.first_errors.copy_to(all);
  }
  const os::ThreadClock& clock() const noexcept { return clock_; }

 private:
  // What the thread does by itself, from timers.
  void prepare();
  void run();
  void run_timers(std::int64_t now_ns);
  void run_timer(const Timer& timer, std::int64_t now_ns);
  void begin_finishing(std::int64_t now_ns);
  void expire_all(std::int64_t now_ns);
  void notice_time(std::int64_t now_ns);
  void churn(std::int64_t now_ns);
  std::int64_t wait_until_ns(std::int64_t now_ns) const;

  // A connection's life (fleet_connections.cc).
  void connect(Client& client);
  void connected(Client& client, const io::Completion& completion, std::int64_t now_ns);
  void continue_script(Client& client, std::int64_t now_ns);
  void go_live(Client& client, std::int64_t now_ns);
  void connect_failed(Client& client, io::Error reason, std::int64_t now_ns);
  void connect_timed_out(Client& client);
  void end_gracefully(Client& client);
  void reset(Client& client);
  void begin_close(Client& client);
  void disconnected(Client& client, io::Error reason, const char* what);
  void settle(Client& client, std::int64_t now_ns);
  void ended(Client& client, std::int64_t now_ns);

  // Its IO.
  void handle(const io::Completion& completion, std::int64_t now_ns);
  void received(Client& client, const io::Completion& completion, std::int64_t now_ns);
  void go_on(Client& client, bool goes_on);
  void mark_dirty(Client& client);
  void settle_dirty(std::int64_t now_ns);
  void post_send(Client& client);
  void post_receive(Client& client, std::int64_t now_ns);
  void wait_to_read(Client& client);

  // The end.
  bool stop_step(std::int64_t now_ns);
  bool server_may_be_gone(std::int64_t now_ns) const noexcept;
  bool drain_is_over(std::int64_t now_ns) const;

  const FleetOptions& options_;
  const io::Address server_;
  ThreadFigures figures_;
  Measurement measurement_;
  os::ThreadClock clock_;
  std::unique_ptr<io::Notifier> notifier_;  // made by the thread itself
  std::optional<Connector> connector_;      // as the notifier
  std::atomic<bool> finish_sending_{false};
  std::atomic<std::int64_t> drain_until_ns_;  // "never" until stop()

  // The thread's own.
  Random random_;
  Churn churn_;
  StallWatch stall_watch_;
  Timers timers_;
  Exchange exchange_;
  std::vector<std::unique_ptr<Client>> clients_;
  std::vector<Client*> dirty_;
  std::int64_t next_expiry_ns_ = 0;
  bool finishing_ = false;        // finish_sending() has been noticed
  std::int64_t finished_ns_ = 0;  // once finishing_: when nothing was due any more
  std::size_t open_sockets_ = 0;  // connecting, connected, or waiting for their last completion
  bool ending_all_ = false;
  std::int64_t drained_at_ns_ = 0;  // once ending_all_
  std::thread thread_;
};

}  // namespace oversoak::fleet
