#pragma once

#include <napi.h>

#include <functional>
#include <utility>

namespace oversoak::addon {

// Does work that blocks on a thread of libuv's pool, then resolves a promise with what `result`
// makes on the JavaScript thread. Deletes itself.
class Blocking final : public Napi::AsyncWorker {
 public:
  static Napi::Promise start(Napi::Env env, std::function<void()> work,
                             std::function<Napi::Value(Napi::Env)> result) {
    auto* worker = new Blocking(env, std::move(work), std::move(result));
    worker->Queue();
    return worker->deferred_.Promise();
  }

 protected:
  void Execute() override { work_(); }
  void OnOK() override { deferred_.Resolve(result_(Env())); }
  void OnError(const Napi::Error& error) override { deferred_.Reject(error.Value()); }

 private:
  Blocking(Napi::Env env, std::function<void()> work, std::function<Napi::Value(Napi::Env)> result)
      : Napi::AsyncWorker(env),
        work_(std::move(work)),
        result_(std::move(result)),
        deferred_(Napi::Promise::Deferred::New(env)) {}

  std::function<void()> work_;
  std::function<Napi::Value(Napi::Env)> result_;
  Napi::Promise::Deferred deferred_;
};

}  // namespace oversoak::addon
