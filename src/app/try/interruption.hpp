// Ctrl-C while a flow waits for a person: it ends in order, and takes back what it registered.
#pragma once
#include <signal.h>

namespace claviger::app {

class Interruption {
 public:
  Interruption();
  ~Interruption();
  Interruption(const Interruption&) = delete;
  Interruption& operator=(const Interruption&) = delete;

  static bool came();

 private:
  struct sigaction before_interrupt_{};
  struct sigaction before_terminate_{};
};

}  // namespace claviger::app
