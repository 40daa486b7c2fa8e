#include "server/server.h"

#include <algorithm>
#include <chrono>
#include <system_error>

#include "concurrency/start_thread.h"
#include "game/spin.h"
#include "os/clock.h"
#include "os/thread_place.h"

namespace oversoak::server {

using metrics::ServerError;

namespace {

// The pause after an accept that failed for lack of a resource that may become available.
constexpr std::chrono::milliseconds kAcceptRetry{10};

}  // namespace

Server::Server(ServerOptions options)
    : options_(std::move(options)),
      players_(game::make_player_container(options_.game.container_lock)),
      layout_(options_.layout.make(options_.game, options_.fault.contents, *players_,
                                   options_.threads_per_content)),
      shared_{options_, *players_, *layout_, content_senders_},
      started_ns_(os::now_ns()),
      listener_(options_.host, options_.port, options_.backlog),
      own_acceptor_(options_.notifier.make_acceptor == nullptr
                        ? nullptr
                        : options_.notifier.make_acceptor(listener_.socket())) {
  game::calibrate_spin(options_.spin_turns_per_us ? *options_.spin_turns_per_us
                                                  : game::measure_turns_per_us());
  try {
    start_content_threads();
    for (std::size_t i = 0; i < options_.io_threads; ++i) {
      io_threads_.push_back(std::make_unique<IoThread>(shared_, i));
      shared_.zone_owners.push_back(io_threads_.back().get());
    }
    start_acceptor();
  } catch (...) {
    // No destructor follows; the threads that are there would be dropped while they run.
    stop();
    throw;
  }
}

Server::~Server() { stop(); }

void Server::start_content_threads() {
  for (const auto& thread : layout_->content_threads()) {
    content_senders_.push_back(std::make_unique<Sender>(options_.protocol, options_.fault));
    auto& clock = *content_clocks_.emplace_back(std::make_unique<os::ThreadClock>());
    const auto begin = [&clock] {
      os::place_current_thread();
      clock.attach_to_current_thread();
    };
    thread->start(begin, [&clock] { clock.finish(); });
  }
}

void Server::start_acceptor() {
  acceptor_ = concurrency::start_thread([this] { accept_clock_.attach_to_current_thread(); },
                                        [this] {
                                          accept_connections();
                                          accept_clock_.finish();
                                        });
}

// The acceptor's thread; ends when stop() has closed the listener and every connection that had
// been accepted before is taken.
void Server::accept_connections() {
  for (;;) {
    const io::Accepted accepted = own_acceptor_ ? own_acceptor_->accept() : listener_.accept();
    if (accepted.socket != io::kNoSocket) {
      place(accepted);
      continue;
    }
    if (stopping_.load()) return;
    accept_errors_.add(ServerError::accept_failed, [&] {
      return layout::ErrorEvidence{.error = ServerError::accept_failed,
                                   .at_ns = os::now_ns(),
                                   .what = "accept failed",
                                   .code = accepted.error};
    });
    std::this_thread::sleep_for(kAcceptRetry);
  }
}

void Server::place(const io::Accepted& accepted) {
  io::disable_nagle(accepted.socket);
  try {
    IoThread& thread = thread_for_next();
    accepted_.add();
    thread.adopt(accepted);
  } catch (const std::system_error&) {
    accept_errors_.add(ServerError::accept_failed, [&] {
      return layout::ErrorEvidence{.error = ServerError::accept_failed,
                                   .at_ns = os::now_ns(),
                                   .what = "the system refused the thread that the session needs",
                                   .peer = accepted.peer};
    });
    io::close_socket(accepted.socket);
  }
}

// The thread with the fewest sessions; another one when the notifier allows no more on any. Throws
// std::system_error when the system makes no more threads.
IoThread& Server::thread_for_next() {
  const auto least =
      std::min_element(io_threads_.begin(), io_threads_.end(),
                       [](const auto& a, const auto& b) { return a->load() < b->load(); });
  if ((*least)->has_room()) return **least;
  auto added = std::make_unique<IoThread>(shared_, io_threads_.size());
  const std::lock_guard lock(threads_mutex_);
  io_threads_.push_back(std::move(added));
  return *io_threads_.back();
}

void Server::stop() {
  const std::lock_guard lock(stop_mutex_);
  if (stopping_.exchange(true)) return;
  listener_.close();
  if (acceptor_.joinable()) acceptor_.join();
  // From here on no thread is added. A session ends when its messages have come back, so the
  // content threads go on meanwhile; and they give back to IO threads, so they end before those.
  for (const auto& thread : io_threads_) thread->close_sessions();
  for (const auto& thread : io_threads_) thread->wait_until_closed();
  for (const auto& thread : layout_->content_threads()) thread->stop();
  for (const auto& thread : io_threads_) thread->stop();
}

ServerFigures Server::figures() {
  ServerFigures total;
  total.elapsed_seconds = static_cast<double>(os::now_ns() - started_ns_) * 1e-9;
  total.errors = accept_errors_.load();
  total.contents.resize(options_.game.contents.size());
  add_players(total);
  total.threads.push_back({"accept", accept_clock_.read()});
  {
    const std::lock_guard lock(threads_mutex_);
    total.threads_ran.io = io_threads_.size();
    for (std::size_t i = 0; i < io_threads_.size(); ++i) {
      const IoThread& thread = *io_threads_[i];
      total.add(thread.figures());
      total.add(thread.sender_figures());
      total.add(thread.notifier_figures());
      total.add(thread.desk_figures());
      total.add(thread.route_figures());
      total.add(thread.zone_figures());
      total.add(thread.zone_desk_figures());
      total.zones.messages_made += thread.zone_messages_made();
      total.threads.push_back({"io-" + std::to_string(i), thread.clock().read()});
    }
  }
  add_content_threads(total);
  // Read last: what is closed was accepted before, so accepted - closed is never negative.
  total.accepted = accepted_.load();
  return total;
}

std::vector<layout::ErrorEvidence> Server::first_errors() {
  std::vector<layout::ErrorEvidence> all;
  accept_errors_.copy_first_to(all);
  census_errors_.copy_first_to(all);
  {
    const std::lock_guard lock(threads_mutex_);
    for (const auto& thread : io_threads_) {
      thread->figures().errors.copy_first_to(all);
      thread->desk_figures().errors.copy_first_to(all);
    }
  }
  for (const auto& thread : layout_->content_threads()) thread->figures().errors.copy_first_to(all);
  return metrics::FirstOfClass<layout::ErrorEvidence>::first_of(std::move(all));
}

// The oracle: every player that joined and has not left is there.
void Server::add_players(ServerFigures& total) {
  total.players = players_->census();
  const auto& [joins, leaves, live] = total.players;
  const std::lock_guard lock(census_mutex_);
  if (joins - leaves != live) {
    census_errors_.add(ServerError::players_unbalanced, [] {
      return layout::ErrorEvidence{.error = ServerError::players_unbalanced,
                                   .at_ns = os::now_ns(),
                                   .what = "joins less leaves are not the players that are there"};
    });
  }
  total.errors += census_errors_.load();
}

void Server::add_content_threads(ServerFigures& total) const {
  const layout::ContentThreads& threads = layout_->content_threads();
  total.threads_ran.content = threads.size();
  for (std::size_t i = 0; i < threads.size(); ++i) {
    const std::size_t content = threads[i]->place().content;
    total.add(threads[i]->figures());
    total.add(threads[i]->zone_figures());
    total.zones.messages_made += threads[i]->zone_ticks_made();
    total.add(content_senders_[i]->figures);
    const std::size_t channel = total.contents[content].threads++;
    total.threads.push_back({options_.game.contents[content].name + "-" + std::to_string(channel),
                             content_clocks_[i]->read()});
  }
}

}  // namespace oversoak::server
