#include "app/app.hpp"

int main(int argc, char** argv) { return claviger::app::main(argc, argv); }
