#pragma once

#include <exception>
#include <future>
#include <thread>
#include <utility>

namespace oversoak::concurrency {

// Starts a thread that calls `prepare` and then `run`, and returns when `prepare` has returned; its
// effects are visible to the caller. An exception of `prepare` is rethrown here after the thread
// has ended. Throws std::system_error if the system cannot create another thread.
//
// The thread owns the promise: one in the caller's frame could be destroyed during set_value().
template <typename Prepare, typename Run>
std::thread start_thread(Prepare prepare, Run run) {
  std::promise<void> ready;
  std::future<void> prepared = ready.get_future();
  std::thread thread(
      [ready = std::move(ready), prepare = std::move(prepare), run = std::move(run)]() mutable {
        try {
          prepare();
        } catch (...) {
          ready.set_exception(std::current_exception());
          return;
        }
        ready.set_value();
        run();
      });
  try {
    prepared.get();
  } catch (...) {
    thread.join();
    throw;
  }
  return thread;
}

}  // namespace oversoak::concurrency
