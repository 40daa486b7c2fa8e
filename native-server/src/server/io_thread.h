#pragma once

#include <atomic>
#include <future>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

#include "concurrency/mailbox.h"
#include "layout/layout.h"
#include "metrics/process.h"
#include "notify/notifier.h"
#include "server/fault.h"
#include "server/figures.h"
#include "server/options.h"
#include "server/session.h"

namespace oversoak::server {

// A thread that does the IO of its sessions from their first receive to their end. Here an IO
// completion arrives (`handle`), and here a session is freed (`settle`).
class IoThread {
 public:
  // Starts the thread and returns when it can take sessions. `layout` outlives it.
  IoThread(const ServerOptions& options, layout::Layout& layout);
  // Only after stop() and join().
  ~IoThread();

  // The acceptor's thread. Whether another session fits, and handing one over.
  std::size_t load() const noexcept { return load_.load(std::memory_order_relaxed); }
  bool has_room() const noexcept { return load() < capacity_; }
  void adopt(SOCKET socket);

  // Any thread: closes every session and ends.
  void stop();
  void join();

  const SessionFigures& figures() const noexcept { return figures_; }
  const notify::NotifierFigures& notifier_figures() const noexcept { return notifier_->figures(); }
  const metrics::ThreadClock& clock() const noexcept { return clock_; }

 private:
  void run(std::promise<void> ready);
  void open(SOCKET socket);
  void handle(const notify::Completion& completion, std::int64_t now_ns);
  void received(Session& session, const notify::Completion& completion, std::int64_t now_ns);
  void parse(Session& session, std::int64_t received_ns);
  void echo(Session& session, std::span<std::byte> frame);
  void give_up(Session& session, metrics::Counter& error_class);
  void begin_close(Session& session);
  void mark_dirty(Session& session);
  void settle_dirty();
  void post_send(Session& session);
  void post_receive(Session& session);
  void settle(Session& session);
  void close_all();

  const ServerOptions& options_;
  layout::Layout& layout_;
  FaultPlan faults_;
  SessionFigures figures_;
  metrics::ThreadClock clock_;
  std::unique_ptr<notify::Notifier> notifier_;  // made by the thread itself
  std::size_t capacity_ = 0;
  std::atomic<std::size_t> load_{0};  // sessions, those on their way here included
  concurrency::Mailbox<SOCKET> arrivals_;
  std::atomic<bool> stopping_{false};

  // The thread's own.
  std::vector<std::unique_ptr<Session>> sessions_;
  std::vector<Session*> dirty_;
  std::thread thread_;
};

}  // namespace oversoak::server
