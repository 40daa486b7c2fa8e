#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "layout/layout.h"
#include "metrics/counter.h"
#include "metrics/process.h"
#include "server/io_thread.h"
#include "server/options.h"
#include "winsock/winsock.h"

namespace oversoak::server {

struct OperationTotals {
  std::uint64_t at_once = 0;
  std::uint64_t pending = 0;
  std::uint64_t failed = 0;
};

// Cumulative figures over all threads.
struct ServerFigures {
  double elapsed_seconds = 0;
  std::uint64_t accepted = 0;
  std::uint64_t closed = 0;
  std::uint64_t frames_received = 0;
  std::uint64_t frames_echoed = 0;
  std::uint64_t bytes_received = 0;
  std::uint64_t bytes_sent = 0;
  OperationTotals receives;
  OperationTotals sends;
  std::uint64_t completions = 0;
  std::uint64_t batches = 0;
  std::uint64_t largest_batch = 0;
  std::uint64_t accept_failed = 0;
  std::uint64_t malformed_frames = 0;
  std::uint64_t oversized_frames = 0;
  std::uint64_t checksum_mismatches = 0;
  std::uint64_t send_overflows = 0;
  std::uint64_t receives_failed = 0;
  std::uint64_t sends_failed = 0;
  std::size_t io_threads = 0;
  std::vector<metrics::NamedCpu> threads;
};

// An echo server: a thread that accepts (plain blocking accept, as the lecture has it) and IO
// threads, each with its notifier and its sessions.
class Server {
 public:
  // Listens and accepts at once. Throws std::runtime_error when the address cannot be had.
  explicit Server(ServerOptions options);
  ~Server();

  const ServerOptions& options() const noexcept { return options_; }
  std::uint16_t port() const noexcept { return port_; }

  // Any thread, also after stop().
  ServerFigures figures() const;

  // Blocks until every session is closed and every thread has ended. A second call does nothing.
  void stop();

 private:
  void listen();
  void accept_connections();
  void place(SOCKET socket);
  IoThread& thread_for_next();

  winsock::Library winsock_;
  const ServerOptions options_;
  std::unique_ptr<layout::Layout> layout_;
  const std::int64_t started_ns_;
  SOCKET listener_ = INVALID_SOCKET;
  std::uint16_t port_ = 0;
  std::atomic<bool> stopping_{false};
  metrics::ThreadClock accept_clock_;
  metrics::Counter accepted_;
  metrics::Counter accept_failed_;
  // The acceptor adds threads, figures() reads them; none is removed before the server ends.
  mutable std::mutex threads_mutex_;
  std::vector<std::unique_ptr<IoThread>> io_threads_;
  std::mutex stop_mutex_;
  std::thread acceptor_;
};

}  // namespace oversoak::server
