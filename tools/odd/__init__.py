"""The ODD page (overview, design concepts, details): a description of the model that is read off the code.

ODD is the protocol of Grimm et al. (2020). Prose stands in ``template.md``; all that can be counted comes from the
registers of equations, parameters, components, phases, streams and tables.
"""

from tools.odd.page import odd_page

__all__ = ["odd_page"]
