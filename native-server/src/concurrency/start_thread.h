#pragma once

#include <exception>
#include <future>
#include <thread>
#include <utility>

namespace oversoak::concurrency {

// Starts a thread that does `prepare` and then `run`, and returns when `prepare` is done: what it
// made is visible to the caller. What `prepare` throws is thrown here, with the thread ended; so is
// std::system_error when the system makes no more threads.
//
// The thread owns the promise. One that stands in the caller's frame could go while set_value() is
// still in it.
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
