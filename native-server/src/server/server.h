#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "game/player_container.h"
#include "io/acceptor.h"
#include "io/listener.h"
#include "io/sockets.h"
#include "layout/error_log.h"
#include "layout/layout.h"
#include "metrics/counter.h"
#include "os/process.h"
#include "server/io_thread.h"
#include "server/options.h"
#include "server/server_figures.h"

namespace oversoak::server {

// An echo server: a thread that accepts (plain blocking accept, as the lecture has it, unless the
// notifier has an acceptor), IO threads, each with its notifier and its sessions, and content
// threads where the layout has them.
class Server {
 public:
  // Listens and accepts at once. Throws std::runtime_error when the address cannot be had.
  explicit Server(ServerOptions options);
  ~Server();

  const ServerOptions& options() const noexcept { return options_; }
  std::uint16_t port() const noexcept { return listener_.port(); }

  // Any thread, also after stop().
  ServerFigures figures();

  // Any thread, also after stop(): the first errors of each class, oldest first.
  std::vector<layout::ErrorEvidence> first_errors();

  // Blocks until every session is closed and every thread has ended. A second call does nothing.
  void stop();

 private:
  void start_content_threads();
  void start_acceptor();
  void accept_connections();
  void place(const io::Accepted& accepted);
  IoThread& thread_for_next();
  void add_players(ServerFigures& total);
  void add_content_threads(ServerFigures& total) const;

  io::Library sockets_;
  const ServerOptions options_;
  std::unique_ptr<game::PlayerContainer> players_;
  std::unique_ptr<layout::Layout> layout_;
  std::vector<std::unique_ptr<Sender>> content_senders_;          // by content thread
  std::vector<std::unique_ptr<os::ThreadClock>> content_clocks_;  // likewise
  Shared shared_;
  const std::int64_t started_ns_;
  io::Listener listener_;
  std::unique_ptr<io::Acceptor> own_acceptor_;  // the notifier's; null: the listener accepts
  std::atomic<bool> stopping_{false};
  os::ThreadClock accept_clock_;
  metrics::Counter accepted_;
  layout::ErrorLog accept_errors_;  // the acceptor's
  std::mutex census_mutex_;
  layout::ErrorLog census_errors_;  // under the mutex
  // The acceptor adds threads, figures() reads them; none is removed before the server ends.
  mutable std::mutex threads_mutex_;
  std::vector<std::unique_ptr<IoThread>> io_threads_;
  std::mutex stop_mutex_;
  std::thread acceptor_;
};

}  // namespace oversoak::server
