import jwt
from fastapi import APIRouter, Depends, HTTPException, UploadFile
from fastapi.security import HTTPBearer
from pydantic import BaseModel, EmailStr

from service.settings import Settings

router = APIRouter(prefix="/users")
bearer = HTTPBearer()


class User(BaseModel):
    """A user of the service."""

    mail: EmailStr
    age: int | None = None


@router.post("")
def create(user: User):
    return {"token": jwt.encode({"sub": user.mail}, Settings().key.get_secret_value(), "HS256")}


@router.get("/me")
def me(token=Depends(bearer)):
    try:
        return jwt.decode(token.credentials, Settings().key.get_secret_value(), ["HS256"])
    except jwt.PyJWTError as error:
        raise HTTPException(401, str(error)) from error


@router.post("/photo")
async def photo(file: UploadFile):
    return {"size": len(await file.read()), "name": file.filename}
