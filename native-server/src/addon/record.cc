#include "addon/record.h"

namespace oversoak::addon {

Napi::Array threads_record(Napi::Env env, const std::vector<os::NamedCpu>& threads) {
  Napi::Array array = Napi::Array::New(env, threads.size());
  for (std::uint32_t i = 0; i < threads.size(); ++i) {
    array.Set(i, Record(env)
                     .set("name", threads[i].name)
                     .set("userSeconds", threads[i].cpu.user)
                     .set("kernelSeconds", threads[i].cpu.kernel)
                     .count("cycles", threads[i].cpu.cycles)
                     .object());
  }
  return array;
}

Record process_record(Napi::Env env) {
  const os::ProcessFigures figures = os::read_process_figures();
  return Record(env)
      .set("userSeconds", figures.cpu.user)
      .set("kernelSeconds", figures.cpu.kernel)
      .count("workingSetBytes", figures.working_set_bytes)
      .count("privateBytes", figures.private_bytes)
      .count("handles", figures.handles)
      .count("threads", figures.threads);
}

}  // namespace oversoak::addon
