#include "server/server.h"

#include <algorithm>
#include <future>
#include <stdexcept>

#include "metrics/clock.h"

namespace oversoak::server {
namespace {

// Between two tries when accept fails for want of something that may come back.
constexpr DWORD kAcceptRetryMs = 10;

void add(OperationTotals& total, const notify::OperationFigures& figures) {
  total.at_once += figures.at_once.load();
  total.pending += figures.pending.load();
  total.failed += figures.failed.load();
}

}  // namespace

Server::Server(ServerOptions options)
    : options_(std::move(options)),
      layout_(layout::make_layout(options_.layout)),
      started_ns_(metrics::now_ns()) {
  listen();
  for (std::size_t i = 0; i < options_.io_threads; ++i) {
    io_threads_.push_back(std::make_unique<IoThread>(options_, *layout_));
  }
  std::promise<void> ready;
  std::future<void> started = ready.get_future();
  acceptor_ = std::thread([this, &ready] {
    accept_clock_.attach_to_current_thread();
    ready.set_value();
    accept_connections();
    accept_clock_.finish();
  });
  started.get();
}

Server::~Server() { stop(); }

void Server::listen() {
  sockaddr_in address;
  if (!winsock::make_address(options_.host, options_.port, address)) {
    throw std::runtime_error("host: \"" + options_.host + "\" is not an IPv4 address");
  }
  const auto failed = [this](const char* what) {
    const auto error = static_cast<DWORD>(WSAGetLastError());
    if (listener_ != INVALID_SOCKET) closesocket(listener_);
    return std::runtime_error("cannot " + std::string(what) + " " + options_.host + ":" +
                              std::to_string(options_.port) + ": " +
                              winsock::describe_error(error));
  };
  listener_ = winsock::open_tcp_socket();
  if (listener_ == INVALID_SOCKET) throw failed("open a socket for");
  // No other process may take the port over while this one listens.
  const BOOL exclusive = TRUE;
  setsockopt(listener_, SOL_SOCKET, SO_EXCLUSIVEADDRUSE, reinterpret_cast<const char*>(&exclusive),
             sizeof(exclusive));
  if (bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) {
    throw failed("bind");
  }
  if (::listen(listener_, options_.backlog) != 0) throw failed("listen on");
  int length = sizeof(address);
  if (getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &length) != 0) {
    throw failed("read the address of");
  }
  port_ = ntohs(address.sin_port);
}

// The acceptor's thread; ends when stop() closes the listening socket.
void Server::accept_connections() {
  while (!stopping_.load()) {
    const SOCKET socket = accept(listener_, nullptr, nullptr);
    if (socket != INVALID_SOCKET) {
      place(socket);
      continue;
    }
    if (stopping_.load()) return;
    accept_failed_.add();
    Sleep(kAcceptRetryMs);
  }
}

void Server::place(SOCKET socket) {
  accepted_.add();
  winsock::disable_nagle(socket);
  thread_for_next().adopt(socket);
}

// The thread with the fewest sessions; another one when the notifier allows no more on any.
IoThread& Server::thread_for_next() {
  const auto least =
      std::min_element(io_threads_.begin(), io_threads_.end(),
                       [](const auto& a, const auto& b) { return a->load() < b->load(); });
  if ((*least)->has_room()) return **least;
  auto added = std::make_unique<IoThread>(options_, *layout_);
  const std::lock_guard lock(threads_mutex_);
  io_threads_.push_back(std::move(added));
  return *io_threads_.back();
}

void Server::stop() {
  const std::lock_guard lock(stop_mutex_);
  if (stopping_.exchange(true)) return;
  closesocket(listener_);  // ends a blocking accept
  acceptor_.join();
  // From here on nobody adds threads.
  for (const auto& thread : io_threads_) thread->stop();
  for (const auto& thread : io_threads_) thread->join();
}

ServerFigures Server::figures() const {
  ServerFigures total;
  total.elapsed_seconds = static_cast<double>(metrics::now_ns() - started_ns_) * 1e-9;
  total.accept_failed = accept_failed_.load();
  total.threads.push_back({"accept", accept_clock_.read()});
  const std::lock_guard lock(threads_mutex_);
  total.io_threads = io_threads_.size();
  for (std::size_t i = 0; i < io_threads_.size(); ++i) {
    const SessionFigures& sessions = io_threads_[i]->figures();
    total.closed += sessions.closed.load();
    total.frames_echoed += sessions.frames_echoed.load();
    total.frames_received += sessions.frames_received.load();
    total.bytes_received += sessions.bytes_received.load();
    total.bytes_sent += sessions.bytes_sent.load();
    total.malformed_frames += sessions.malformed_frames.load();
    total.oversized_frames += sessions.oversized_frames.load();
    total.checksum_mismatches += sessions.checksum_mismatches.load();
    total.send_overflows += sessions.send_overflows.load();
    total.receives_failed += sessions.receives_failed.load();
    total.sends_failed += sessions.sends_failed.load();
    const notify::NotifierFigures& notifier = io_threads_[i]->notifier_figures();
    add(total.receives, notifier.receives);
    add(total.sends, notifier.sends);
    total.completions += notifier.completions.load();
    total.batches += notifier.batches.load();
    total.largest_batch = std::max(total.largest_batch, notifier.largest_batch.load());
    total.threads.push_back({"io-" + std::to_string(i), io_threads_[i]->clock().read()});
  }
  // Read last: what is closed was accepted before, so accepted - closed is never negative.
  total.accepted = accepted_.load();
  return total;
}

}  // namespace oversoak::server
