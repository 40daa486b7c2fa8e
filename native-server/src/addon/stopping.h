#pragma once

#include <napi.h>

#include <functional>
#include <utility>

namespace oversoak::addon {

// Blocks on a thread of libuv's pool until an engine has stopped, then resolves a promise with
// what `result` makes on the JavaScript thread. Deletes itself.
class Stopping final : public Napi::AsyncWorker {
 public:
  static Napi::Promise start(Napi::Env env, std::function<void()> stop,
                             std::function<Napi::Value(Napi::Env)> result) {
    auto* worker = new Stopping(env, std::move(stop), std::move(result));
    worker->Queue();
    return worker->deferred_.Promise();
  }

 protected:
  void Execute() override { stop_(); }
  void OnOK() override { deferred_.Resolve(result_(Env())); }
  void OnError(const Napi::Error& error) override { deferred_.Reject(error.Value()); }

 private:
  Stopping(Napi::Env env, std::function<void()> stop, std::function<Napi::Value(Napi::Env)> result)
      : Napi::AsyncWorker(env),
        stop_(std::move(stop)),
        result_(std::move(result)),
        deferred_(Napi::Promise::Deferred::New(env)) {}

  std::function<void()> stop_;
  std::function<Napi::Value(Napi::Env)> result_;
  Napi::Promise::Deferred deferred_;
};

}  // namespace oversoak::addon
