"""How the person stands: a library to choose from, joints to drag in the picture, files, poses of one's own."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np
from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QIcon, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QSlider, QToolButton, QVBoxLayout

from app.project import Project
from app.saying import spoken
from app.ui import exporting, theme
from app.ui.controls import button, clear, label, section, styled
from app.ui.dialogs import open_file
from app.ui.gradually import Gradually, aside
from app.ui.panels.panel import Panel
from app.ui.studio import Studio
from assets.errors import ToileError
from body import poses
from body.motion import ENDINGS, LONGEST, Motion, remarks
from body.poses import Pose
from body.posing.skeleton import NUMBER, chain, matrices, swapped

FILTER = f"Poses and movement ({' '.join('*' + end for end in ENDINGS)});;All files (*)"
COLUMNS = 3
MOVEMENTS = {"walk": "Walk", "turn": "Turn round", "sit": "Sit down", "arms_up": "Arms up"}
PICTURE = QSize(78, 84)
MOVING = "The garments move with the person. Space plays and pauses."
_LIMBS = (
    (("pelvis", "spine2", "neck"), 15.0), (("left_hip", "right_hip"), 13.0),
    (("left_shoulder", "neck", "right_shoulder"), 9.0), (("neck", "head"), 6.0),
    *(((f"{side}_hip", f"{side}_knee", f"{side}_ankle", f"{side}_foot"), 8.0) for side in ("left", "right")),
    *(((f"{side}_shoulder", f"{side}_elbow", f"{side}_wrist", f"{side}_middle1"), 6.0) for side in ("left", "right")),
)  # fmt: skip


class PosePanel(Panel):
    TITLE = "Pose"

    def __init__(self, studio: Studio) -> None:
        super().__init__(studio)
        self.posing = studio.posing
        self._cards: dict[str, QToolButton] = {}
        self._drawn: object = None
        self._anew = True
        self._drawing = Gradually(self)

    def made(self) -> Iterator[None]:
        self.column.addWidget(label("Choose a pose, or drag the dots in the picture. Ctrl+Z takes a drag back."))
        self.grid = QGridLayout()
        self.grid.setSpacing(6)
        self.column.addLayout(self.grid)
        self.mirror = button("Mirror", self._mirror)
        self.column.addWidget(self.mirror)
        yield
        for add in (self._add_movements, self._add_saving, self._add_file):
            add()
            yield
        self._drawn = self._looks
        yield from self._draw_cards()
        self.posing.changed.connect(self._fill)
        self._fill()

    def project_changed(self, before: Project, after: Project) -> None:
        if before.pose is not after.pose:
            self._fill()

    def result_changed(self) -> None:
        self._fill()

    def open(self, path: Path) -> None:
        """Read a file of poses and take its first frame."""
        self.said.setText(spoken(f"Reading {path.name} …"))
        self.studio.ask(
            self, "pose file", "app.scenes.posing:open_motion", str(path), lane="poser", done=self._opened,
            failed=lambda failure: self._say(failure.sentence),
        )  # fmt: skip

    def choose_file(self) -> None:
        """Ask for a file."""
        if path := open_file(self.studio, self, "A pose or a movement", FILTER):
            self.open(path)

    def move_by(self, name: str) -> None:
        """Have the dressed person do one of Toile's movements."""
        self._move(name, MOVEMENTS[name])

    def _add_movements(self) -> None:
        self.column.addSpacing(4)
        self.column.addWidget(section("Movement"))
        row = QHBoxLayout()
        row.setSpacing(6)
        self.movements = {
            name: button(title.split()[0], partial(self.move_by, name)) for name, title in MOVEMENTS.items()
        }
        for name, made in self.movements.items():
            made.setToolTip(spoken(f"{MOVEMENTS[name]}, in the garments"))
            made.setAccessibleName(spoken(MOVEMENTS[name]))
            row.addWidget(made)
        self.column.addLayout(row)
        self.moved = label(MOVING, "caption")
        self.moved.setAccessibleName(spoken("Strain over the movement"))
        self.column.addWidget(self.moved)
        self.most = QVBoxLayout()
        self.most.setSpacing(6)
        self.column.addLayout(self.most)
        self.keep = button("Export the movement…", partial(exporting.movement, self.studio, self), "video")
        self.column.addWidget(self.keep)
        self._reported: object = self
        self.studio.playing.changed.connect(self._tell_movement)
        self._tell_movement()

    def _move(self, clip: str | Motion, title: str) -> None:
        if not self.studio.project.wishes or self.studio.shown is None:
            self._say("Put on a garment, and wait for its drape, before the person moves")
            return
        self.posing.choose("Stand at ease", None)
        self.studio.playing.choose(clip, title)

    def _tell_movement(self) -> None:
        playing = self.studio.playing
        self.keep.setVisible(playing.active)
        if playing.report is self._reported:
            return
        self._reported = playing.report
        clear(self.most)
        most = playing.report.most if playing.report is not None else ()
        self.moved.setText(spoken("Stretched most:" if most else MOVING))
        for number, each in enumerate(most):
            row = QHBoxLayout()
            row.addWidget(label(f"{each.words[:1].upper()}{each.words[1:]}.", "caption"), 1)
            show = button("Show", partial(playing.show_most, number))
            show.setAccessibleName(spoken(f"Show where {each.map.garment} is stretched most"))
            row.addWidget(show)
            self.most.addLayout(row)

    def _add_saving(self) -> None:
        self.column.addSpacing(4)
        self.column.addWidget(section("Your own"))
        row = QHBoxLayout()
        row.setSpacing(8)
        self.name = QLineEdit(placeholderText=spoken("Name of this pose"))
        self.name.setMaxLength(60)
        self.name.setAccessibleName(spoken("Name of this pose"))
        self.name.returnPressed.connect(self._save)
        self.save = button("Save", self._save)
        row.addWidget(self.name, 1)
        row.addWidget(self.save)
        self.column.addLayout(row)
        self.delete = button("Delete this pose of yours", self._delete)
        self.column.addWidget(self.delete)

    def _add_file(self) -> None:
        self.column.addSpacing(4)
        self.column.addWidget(section("From a file"))
        self.column.addWidget(button("Open a pose or movement…", self.choose_file, "folder"))
        self.frame = label("", "caption")
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setAccessibleName(spoken("Frame of the movement"))
        self.slider.valueChanged.connect(self._take_frame)
        self.whole = button("Move like this, in the garments", self._move_as_file)
        self.whole.setToolTip(spoken("From the frame that is shown on, ten seconds at most"))
        self.said = label(
            "AMASS and SMPL-X (.npz) and BVH files. They are read safely: nothing in them is run.", "caption"
        )
        self.said.setAccessibleName(spoken("Notes on the pose file"))
        for widget in (self.frame, self.slider, self.whole, self.said):
            self.column.addWidget(widget)
        self._show_frames(None)

    def _fill(self) -> None:
        rig, pose = self.posing.rig, self.posing.pose
        if self._looks != self._drawn:
            self._drawing.do(self._draw_cards())
            self._drawn = self._looks
        self._choose_card()
        for widget in (self.mirror, self.save, self.name):
            widget.setEnabled(rig is not None)
        self.delete.setVisible(bool(pose and pose.own))

    @property
    def _looks(self) -> tuple[object, ...]:
        """What the cards' pictures follow from."""
        return self.posing.rig, theme.current().name

    def _choose_card(self) -> None:
        pose = self.posing.pose
        chosen = poses.AT_EASE if pose is None else pose.name
        for name, card in self._cards.items():
            card.setChecked(name == chosen)

    def _draw_cards(self) -> Iterator[None]:
        """Draw the poses there are, one after the other: anew where there are others, or in their places."""
        known = yield from aside(poses.library)
        if self._anew:
            clear(self.grid)
            self._cards, self._anew = {}, False
        for k, (name, pose) in enumerate(known.items()):
            if name not in self._cards:
                self._cards[name] = self._card(pose)
                self.grid.addWidget(self._cards[name], k // COLUMNS, k % COLUMNS)
                yield
            self._cards[name].setIcon(self._icon(pose))
            yield
        self._choose_card()

    def _card(self, pose: Pose) -> QToolButton:
        card = styled(QToolButton(), "pose")
        card.setText(spoken(pose.title if len(pose.title) < 14 else f"{pose.title[:12]}…"))
        card.setToolTip(spoken(f"{pose.title} (yours)" if pose.own else pose.title))
        card.setAccessibleName(spoken(f"Pose: {pose.title}"))
        card.setCheckable(True)
        card.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        card.setIconSize(PICTURE)
        card.setFixedSize(90, 114)
        card.clicked.connect(lambda _=False, pose=pose: self._choose(pose))
        return card

    def _icon(self, pose: Pose) -> QIcon:
        rig = self.posing.rig
        if rig is None:
            return theme.icon("pose")
        return QIcon(silhouette(chain(pose.turns, rig.rest)[1], self.devicePixelRatioF()))

    def _choose(self, pose: Pose) -> None:
        at_ease = pose.name == poses.AT_EASE
        self.posing.choose("Stand at ease" if at_ease else f"Pose: {pose.title}", None if at_ease else pose)
        self._show_frames(None)
        self._fill()

    def _mirror(self) -> None:
        turns = self.posing.turns
        if turns is not None:
            pose = self.posing.pose
            title = pose.title if pose else "At ease"
            self.studio.history.seal()
            self.posing.choose("Mirror the pose", Pose(f"{title}, mirrored", swapped(turns)))
            self.studio.history.seal()

    def _save(self) -> None:
        turns = self.posing.turns
        if turns is None:
            return
        try:
            pose = poses.save(self.name.text(), turns)
        except ToileError as error:
            self._say(str(error))
            return
        self.name.clear()
        self._drawn, self._anew = None, True
        self.posing.choose(f"Pose: {pose.title}", pose)
        self._fill()
        self.studio.said.emit(f"Saved among your poses: {pose.title}")

    def _delete(self) -> None:
        pose = self.posing.pose
        if pose is None:
            return
        try:
            poses.delete(pose.name)
        except (ToileError, OSError) as error:
            self._say(str(error))
            return
        self._drawn, self._anew = None, True
        self.posing.choose("Delete the pose", Pose(pose.title, pose.turns))
        self.studio.said.emit(f"Deleted: {pose.title}. The person keeps the pose until you choose another")

    def _opened(self, motion: Motion) -> None:
        self._show_frames(motion)
        self._take_frame(0)

    def _show_frames(self, motion: Motion | None) -> None:
        self.posing.motion = motion
        several = motion is not None and len(motion) > 1
        self.slider.setVisible(several)
        self.whole.setVisible(several)
        self.frame.setVisible(several)
        if several and motion is not None:
            self.slider.blockSignals(True)
            self.slider.setRange(0, len(motion) - 1)
            self.slider.setPageStep(max(1, round(motion.rate)))
            self.slider.setValue(0)
            self.slider.blockSignals(False)

    def _move_as_file(self) -> None:
        motion = self.posing.motion
        if motion is not None:
            begin = min(self.slider.value(), len(motion) - 2)
            self._move(motion.part(begin / motion.rate, LONGEST), motion.name)

    def _take_frame(self, frame: int) -> None:
        motion = self.posing.motion
        if motion is None:
            return
        pose = motion.pose(frame)
        self.frame.setText(spoken(f"Frame {frame} of {len(motion) - 1}, {frame / motion.rate:.2f} s"))
        self._say(*motion.notes, *remarks(pose))
        self.posing.choose(f"Pose from {motion.name}", pose)

    def _say(self, *sentences: str) -> None:
        self.said.setText(spoken("\n".join(f"{text[:1].upper()}{text[1:]}." for text in sentences)))


def silhouette(joints: np.ndarray, ratio: float = 1.0) -> QPixmap:
    """A small figure of joints [55, 3], seen a little from the side."""
    seen = joints @ matrices([0.0, -0.45, 0.0]).T
    low, high = seen.min(axis=0), seen.max(axis=0)
    head = 2 * seen[NUMBER["head"]] - seen[NUMBER["neck"]]
    scale = min(PICTURE.height() / (high[1] - low[1] + 0.36), PICTURE.width() / (high[0] - low[0] + 0.24))
    middle = (low + high) / 2 + np.array([0.0, 0.06, 0.0])

    def at(point: np.ndarray) -> QPointF:
        return QPointF(PICTURE.width() / 2 + scale * (point[0] - middle[0]),
                       PICTURE.height() / 2 - scale * (point[1] - middle[1]))  # fmt: skip

    picture = QPixmap(PICTURE * ratio)
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    colour = QColor(theme.current().muted)
    for names, width in _LIMBS:
        pen = QPen(QBrush(colour), width * scale / 58.0, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.drawPolyline([at(seen[NUMBER[name]]) for name in names])
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawEllipse(at(head), 0.09 * scale, 0.115 * scale)
    painter.end()
    return picture
