# A player of a made-up run, another of a big one, and one whose names attack; and buttons for tests.

import ipywidgets

import gpnde
from gpnde.lab.player import Player
from tests.example import example_run
from tests.hostile import hostile_scenario

note = ipywidgets.HTML()
note.add_class("note")
player = gpnde.play(example_run(sites=40, days=728))
player.add_class("small")
big = Player(example_run(sites=300, days=1820))
big.add_class("big")
hostile = Player(gpnde.simulate(hostile_scenario()))
hostile.add_class("hostile")


def say(text: str) -> None:
    note.value = f"<p>{text}</p>"


player.observe(lambda change: say(f"{change.new['site']} of {change.new['firm']}"), "clicked")
player.observe(lambda change: say(f"{change.new['ending']} {change.new['content'][:4].hex()}"), "saved")
ipywidgets.VBox([note, player, big, hostile])
